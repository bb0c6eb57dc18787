export class DataError extends Error {
  /** The Python exception that the real program ends with. */
  readonly exception: string;
  constructor(exception: string, message: string) {
    super(message);
    this.exception = exception;
  }
}
