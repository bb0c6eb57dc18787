import { AppError } from "../../errors";

const DEFAULTS = { keptMs: 8_000, mostKept: 64, mostWaiting: 4 };

interface Look<T> {
  at: number;
  answer: Promise<T>;
}

/**
 * Answers of one node: equal questions within some time get the same answer, and the node looks for one at a time. What
 * failed is not kept.
 */
export class KeptLooks<T> {
  readonly #now: () => number;
  readonly #settings: typeof DEFAULTS;
  readonly #looks = new Map<string, Look<T>>();
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** `now`: milliseconds that only grow. `mostWaiting` counts the look that goes on. */
  constructor(settings: Partial<typeof DEFAULTS> = {}, now: () => number = () => performance.now()) {
    this.#settings = { ...DEFAULTS, ...settings };
    this.#now = now;
  }

  /**
   * `key` says everything that the answer depends on; an answer older than `keptMs` is asked for again.
   * @throws AppError LIMIT when too many wait; what `look` throws
   */
  async ask(key: string, look: () => Promise<T>, keptMs: number = this.#settings.keptMs): Promise<T> {
    const kept = this.#looks.get(key);
    if (kept && this.#now() - kept.at <= keptMs) return kept.answer;
    if (this.#waiting >= this.#settings.mostWaiting) {
      throw new AppError("LIMIT", "The node is being asked about other things already.", {
        hint: "Try again in a minute.",
      });
    }
    this.#waiting += 1;
    const answer = this.#last.then(look);
    this.#last = answer.catch(() => {});
    const entry: Look<T> = { at: Number.POSITIVE_INFINITY, answer };
    this.#looks.delete(key);
    this.#looks.set(key, entry);
    try {
      await answer;
      entry.at = this.#now();
    } catch (error) {
      this.#looks.delete(key);
      throw error;
    } finally {
      this.#waiting -= 1;
      this.#forgetOldest();
    }
    return answer;
  }

  /** Looks that go on are kept. */
  #forgetOldest(): void {
    for (const [key, { at }] of this.#looks) {
      if (this.#looks.size <= this.#settings.mostKept) return;
      if (at < Number.POSITIVE_INFINITY) this.#looks.delete(key);
    }
  }
}
