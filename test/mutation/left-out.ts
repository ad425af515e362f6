/** Changes that are not tried: nobody could see them, or trying them says nothing. */
export type LeftOut = {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly because: string;
};

export const LEFT_OUT: readonly LeftOut[] = [
  {
    file: 'src/domain/nearest.ts',
    from: '[]',
    to: '["added"]',
    because: 'no swap is possible in the first row, so the row before it is never read',
  },
  {
    file: 'src/domain/time.ts',
    from: 'digits && unitMs',
    to: '(digits) || (unitMs)',
    because: 'the expression matches both or neither',
  },
];
