import { AppError } from "../../errors";

/**
 * What may be used at once: channels of one kind on a connection (stock sshd allows ten sessions a connection; all kinds
 * together take five), reads in flight of one file. Who waits is served in turn.
 */
export class Slots {
  private free: number;
  private readonly waiting: ((slot: () => void) => void)[] = [];

  constructor(count: number) {
    this.free = count;
  }

  /** Resolves with the function that gives the slot back. @throws AppError TIMEOUT when none is free in `timeoutMs` */
  acquire(timeoutMs: number | null): Promise<() => void> {
    if (this.free > 0) {
      this.free -= 1;
      return Promise.resolve(this.releaser());
    }
    return new Promise((resolve, reject) => {
      if (timeoutMs === null) {
        this.waiting.push(resolve);
        return;
      }
      const waiter = (release: () => void) => {
        clearTimeout(timer);
        resolve(release);
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(waiter), 1);
        reject(
          new AppError("TIMEOUT", "Other commands on the node took too long; this one was not started."),
        );
      }, timeoutMs);
      this.waiting.push(waiter);
    });
  }

  private releaser(): () => void {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const next = this.waiting.shift();
      if (next === undefined) this.free += 1;
      else next(this.releaser());
    };
  }
}
