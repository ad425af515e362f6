/** Changes that no test can notice, since they change nothing that anybody could see. */
export type Equivalent = {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly because: string;
};

export const EQUIVALENT: readonly Equivalent[] = [];
