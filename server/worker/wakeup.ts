/** A wait that somebody else can end early. A notify that comes before the wait is not lost. */
export class Wakeup {
  private isNotified = false;
  private end: (() => void) | null = null;

  notify(): void {
    if (this.end) this.end();
    else this.isNotified = true;
  }

  /** Resolves after `ms`, or at once when notified. One waiter at a time. */
  wait(ms: number): Promise<void> {
    if (this.isNotified) {
      this.isNotified = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.end = null;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.end = end;
    });
  }
}
