const FIRST_BLOCK = 64;
const LARGEST_BLOCK = 8192;

/** One run of points of one tag. Only the first `length` entries of each column mean something. */
export interface ScalarBlock {
  length: number;
  readonly steps: Float64Array;
  readonly values: Float64Array;
  /** Unix seconds. */
  readonly wallTimes: Float64Array;
  /** Byte offset of the record in its file. */
  readonly offsets: Float64Array;
}

function createBlock(capacity: number): ScalarBlock {
  return {
    length: 0,
    steps: new Float64Array(capacity),
    values: new Float64Array(capacity),
    wallTimes: new Float64Array(capacity),
    offsets: new Float64Array(capacity),
  };
}

/** All points of one tag in the order of the file, in typed-array blocks that are kept for the next use. */
export class ScalarColumns {
  readonly tag: string;
  readonly tagView: DataView;
  /** The tag that came after this one last time: most writers go round in a fixed order. */
  next: ScalarColumns | null = null;
  private readonly blocks: ScalarBlock[] = [];
  private used = 0;
  private current: ScalarBlock;

  constructor(tagBytes: Uint8Array) {
    this.tagView = new DataView(tagBytes.buffer, tagBytes.byteOffset, tagBytes.byteLength);
    this.tag = new TextDecoder().decode(tagBytes);
    this.current = createBlock(FIRST_BLOCK);
    this.blocks.push(this.current);
    this.used = 1;
  }

  get count(): number {
    let total = 0;
    for (let i = 0; i < this.used; i += 1) total += this.blocks[i]?.length ?? 0;
    return total;
  }

  add(step: number, value: number, wallTime: number, offset: number): void {
    let block = this.current;
    if (block.length === block.steps.length) block = this.nextBlock();
    const i = block.length;
    block.steps[i] = step;
    block.values[i] = value;
    block.wallTimes[i] = wallTime;
    block.offsets[i] = offset;
    block.length = i + 1;
  }

  /** Filled blocks in order. Valid until the next `clear`. */
  filled(): ScalarBlock[] {
    return this.blocks.slice(0, this.used).filter((block) => block.length > 0);
  }

  clear(): void {
    for (const block of this.blocks) block.length = 0;
    this.used = 1;
    this.current = this.blocks[0] ?? this.current;
  }

  private nextBlock(): ScalarBlock {
    const existing = this.blocks[this.used];
    const block = existing ?? createBlock(Math.min(LARGEST_BLOCK, this.current.steps.length * 4));
    if (existing === undefined) this.blocks.push(block);
    this.used += 1;
    this.current = block;
    return block;
  }
}
