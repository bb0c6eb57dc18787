const MARK_START = 0x01;

/** Finds one call's frame in a byte stream and hands its content on as it comes, without a copy per chunk. */
export class FrameReader {
  /** The begin mark has been seen. */
  hasBegun = false;
  /** From the end mark; null until then. */
  exitCode: number | null = null;
  private readonly begin: Buffer;
  private readonly end: Buffer;
  private readonly onContent: (bytes: Buffer) => void;
  private readonly options: { hasEnd: boolean; onNoise?: ((bytes: Buffer) => void) | undefined };
  private carry: Buffer = Buffer.alloc(0);

  /** `hasEnd: false`: everything after the begin mark is content. `onNoise` gets what a login shell printed before it. */
  constructor(
    nonce: string,
    onContent: (bytes: Buffer) => void,
    options: { hasEnd: boolean; onNoise?: ((bytes: Buffer) => void) | undefined } = { hasEnd: true },
  ) {
    this.options = options;
    this.begin = Buffer.from(`\x01ty:${nonce}:begin\n`, "latin1");
    this.end = Buffer.from(`\x01ty:${nonce}:end:`, "latin1");
    this.onContent = onContent;
  }

  get hasEnded(): boolean {
    return this.exitCode !== null;
  }

  push(bytes: Buffer): void {
    if (this.hasEnded) return;
    const data = this.carry.length === 0 ? bytes : Buffer.concat([this.carry, bytes]);
    this.carry = Buffer.alloc(0);
    if (this.hasBegun) this.pushContent(data);
    else this.pushNoise(data);
  }

  private pushNoise(data: Buffer): void {
    const at = data.indexOf(this.begin);
    const noiseEnd = at < 0 ? possibleMarkStart(data, this.begin) : at;
    if (noiseEnd > 0) this.options.onNoise?.(data.subarray(0, noiseEnd));
    if (at < 0) {
      this.carry = Buffer.from(data.subarray(noiseEnd));
      return;
    }
    this.hasBegun = true;
    this.pushContent(data.subarray(at + this.begin.length));
  }

  private pushContent(data: Buffer): void {
    if (!this.options.hasEnd) {
      if (data.length > 0) this.onContent(data);
      return;
    }
    const at = data.indexOf(this.end);
    const contentEnd = at >= 0 ? at : possibleMarkStart(data, this.end);
    if (contentEnd > 0) this.onContent(data.subarray(0, contentEnd));
    const rest = data.subarray(contentEnd);
    const lineEnd = at >= 0 ? rest.indexOf(0x0a) : -1;
    if (lineEnd < 0) this.carry = Buffer.from(rest);
    else this.exitCode = Number(rest.subarray(this.end.length, lineEnd).toString("latin1"));
  }
}

/** Where the last bytes could be the front of `mark`, cut by the chunk's border; the length when they cannot. */
function possibleMarkStart(data: Buffer, mark: Buffer): number {
  const from = Math.max(0, data.length - mark.length + 1);
  for (let at = data.indexOf(MARK_START, from); at >= 0; at = data.indexOf(MARK_START, at + 1)) {
    const tail = data.subarray(at);
    if (tail.equals(mark.subarray(0, tail.length))) return at;
  }
  return data.length;
}
