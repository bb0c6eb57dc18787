const MIB = 1024 * 1024;

/** Of one read and one transaction. Measured over SSH: 1 MiB is a fifth slower, 4 MiB hardly faster for twice the memory. */
export const CHUNK_BYTES = 2 * MIB;
/** Eight logs at full speed; after an outage there may be hundreds, which read small chunks instead. */
const MOST_CHUNKS = 24;

/** Memory for the chunks of all files that a process reads at a time, used again: new one for each would be 30 MiB of garbage. */
export class ChunkMemory {
  private free: number;
  private spare: Buffer[] = [];
  private readonly most: number;

  constructor(most = MOST_CHUNKS) {
    this.most = most;
    this.free = most;
  }

  /** null: there is none left now. */
  take(): Buffer | null {
    if (this.free === 0) return null;
    this.free -= 1;
    return this.spare.pop() ?? Buffer.allocUnsafe(CHUNK_BYTES);
  }

  give(memory: Buffer): void {
    this.spare.push(memory);
    this.lose();
  }

  /** Given back, but a read that failed may still write to it. */
  lose(): void {
    this.free += 1;
    if (this.free === this.most) this.spare = [];
  }
}
