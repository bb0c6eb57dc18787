import { AppError } from "../errors";

const MAX_UPLOADS = 8;
const MAX_READ_AT_ONCE = 2;

/** Few files at a time: each takes up to a GiB of disk, and reading one takes a processor core. */
export class UploadSlots {
  private uploads = 0;
  private reading = 0;
  private readonly waiting: (() => void)[] = [];

  /** From the first byte until it is stored. @throws AppError LIMIT when too many are under way */
  async admit<T>(work: () => Promise<T>): Promise<T> {
    if (this.uploads >= MAX_UPLOADS) throw tooManyUploads();
    this.uploads += 1;
    try {
      return await work();
    } finally {
      this.uploads -= 1;
    }
  }

  /** Waits for its turn, in the order in which they came. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.reading >= MAX_READ_AT_ONCE) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.reading += 1;
    try {
      return await work();
    } finally {
      // The slot goes straight to the next one.
      const next = this.waiting.shift();
      if (next === undefined) this.reading -= 1;
      else next();
    }
  }
}

function tooManyUploads(): AppError {
  return new AppError("LIMIT", `${MAX_UPLOADS} files are being uploaded already.`, {
    hint: "Wait until one of them is done and upload it again.",
  });
}
