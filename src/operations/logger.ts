/** What operations need of a logger: a constant message, with the data in the object. */
export type Logger = {
  readonly info: (details: object, message: string) => void;
  readonly warn: (details: object, message: string) => void;
  readonly error: (details: object, message: string) => void;
};
