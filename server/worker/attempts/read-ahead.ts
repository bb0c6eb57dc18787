import type { RemoteFileHandle } from "../ssh";
import { ChunkMemory } from "./chunk-memory";

/** Two cover a commit, and the pause between two rounds. */
const CHUNKS_AHEAD = 2;
const SMALL_CHUNK_BYTES = 256 * 1024;
const sharedMemory = new ChunkMemory();

interface Chunk {
  offset: number;
  length: number;
  /** What it is read into; null: its own, as for a small one. */
  memory: Buffer | null;
  bytes: Promise<Buffer>;
}

/**
 * Reads a file in order, ahead of who stores it: up to two chunks are on their way or here while one is in the
 * transaction. They may stay from one round to the next, for as long as the file is the same.
 */
export class ReadAhead {
  private readonly handle: RemoteFileHandle;
  private readonly memory: ChunkMemory;
  private chunks: Chunk[] = [];
  /** The memory of what was taken last. */
  private taken: Buffer | null = null;

  constructor(handle: RemoteFileHandle, memory = sharedMemory) {
    this.handle = handle;
    this.memory = memory;
  }

  /**
   * What follows `offset`: a chunk, or fewer bytes at `size` or at the file's end. What was taken before is void.
   * @throws AppError of the read
   */
  async take(offset: number, size: number): Promise<Buffer> {
    this.giveTaken();
    // The file ended before its size: what was read behind that end is not what follows.
    if (this.chunks[0]?.offset !== offset) this.close();
    const first = this.chunks.shift() ?? this.begin(offset, size);
    let last = this.chunks.at(-1) ?? first;
    while (this.isMoreWanted(last, size)) {
      last = this.begin(last.offset + last.length, size);
      this.chunks.push(last);
    }
    try {
      const bytes = await first.bytes;
      this.taken = first.memory;
      return bytes;
    } catch (error) {
      this.release(first);
      throw error;
    }
  }

  /** Gives all memory back; what was taken is void. */
  close(): void {
    this.giveTaken();
    for (const chunk of this.chunks) this.release(chunk);
    this.chunks = [];
  }

  private giveTaken(): void {
    if (this.taken !== null) this.memory.give(this.taken);
    this.taken = null;
  }

  /** Where memory is short, nobody reads ahead. */
  private isMoreWanted(last: Chunk, size: number): boolean {
    const isShort = last.memory === null && last.length === SMALL_CHUNK_BYTES;
    return this.chunks.length < CHUNKS_AHEAD && last.offset + last.length < size && !isShort;
  }

  private begin(offset: number, size: number): Chunk {
    const left = size - offset;
    const memory = left > SMALL_CHUNK_BYTES ? this.memory.take() : null;
    const length = Math.min(left, memory?.length ?? SMALL_CHUNK_BYTES);
    const bytes = this.handle.read(offset, length, memory ?? undefined);
    // Whoever takes it hears of it; one that nobody takes failed for nobody.
    bytes.catch(() => {});
    return { offset, length, memory, bytes };
  }

  /** Once nothing is read into it any more. */
  private release({ memory, bytes }: Chunk): void {
    if (memory === null) return;
    bytes.then(
      () => this.memory.give(memory),
      () => this.memory.lose(),
    );
  }
}
