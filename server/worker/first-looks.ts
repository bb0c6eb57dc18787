const PATIENCE_MS = 5_000;

/**
 * Which of the nodes that this process took at its start have not been looked at yet. A restart connects to all of them at
 * once, and what became of their attempts goes before everything that can wait: telemetry, inventories, removals.
 */
export class FirstLooks {
  private readonly pending = new Set<string>();
  private isComplete = false;
  private tellOver = () => {};
  private timer: NodeJS.Timeout | null = null;
  isOver = false;
  /** Resolves when the last node was looked at or could not be reached, or when none was for 5 s. Never rejects. */
  readonly over = new Promise<void>((resolve) => {
    this.tellOver = resolve;
  });

  expect(nodeId: string): void {
    if (this.isOver) return;
    this.pending.add(nodeId);
    this.timer ??= setTimeout(() => this.end(), PATIENCE_MS).unref();
  }

  /** All nodes of the start are expected by now. */
  complete(): void {
    this.isComplete = true;
    this.endWhenDone();
  }

  /** Looked at, out of reach, or no longer ours. */
  finish(nodeId: string): void {
    if (this.pending.delete(nodeId) && !this.isOver) this.timer?.refresh();
    this.endWhenDone();
  }

  private endWhenDone(): void {
    if (this.isComplete && this.pending.size === 0) this.end();
  }

  private end(): void {
    if (this.timer) clearTimeout(this.timer);
    this.isOver = true;
    this.tellOver();
  }
}
