/** What was asked a moment ago is not asked again. */
const KEPT_MS = 8_000;
const MOST_KEPT = 64;

interface Look<T> {
  at: number;
  answer: Promise<T>;
}

/**
 * Answers of one node: equal questions within some seconds get the same answer, and the node looks for one at a time. What
 * failed is not kept.
 */
export class KeptLooks<T> {
  readonly #now: () => number;
  readonly #looks = new Map<string, Look<T>>();
  #last: Promise<unknown> = Promise.resolve();

  /** `now`: milliseconds that only grow. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** `key` says everything that the answer depends on. @throws what `look` throws */
  ask(key: string, look: () => Promise<T>): Promise<T> {
    this.#forgetOld();
    const kept = this.#looks.get(key);
    if (kept) return kept.answer;
    const answer = this.#last.then(look);
    this.#last = answer.catch(() => {});
    const entry: Look<T> = { at: Number.POSITIVE_INFINITY, answer };
    this.#looks.set(key, entry);
    answer.then(
      () => {
        entry.at = this.#now();
      },
      () => this.#looks.delete(key),
    );
    return answer;
  }

  #forgetOld(): void {
    for (const [key, { at }] of this.#looks) {
      if (this.#now() - at > KEPT_MS || (at < Number.POSITIVE_INFINITY && this.#looks.size > MOST_KEPT))
        this.#looks.delete(key);
    }
  }
}
