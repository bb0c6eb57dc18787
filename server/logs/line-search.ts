export interface LineMatch {
  /** Byte offset of the line's start. */
  offset: number;
  /** From 1. */
  line: number;
  text: string;
}

const NEWLINE = 10;
const LONGEST_LINE = 16_384;
const SHOWN_CHARACTERS = 400;
const BEFORE_MATCH = 100;

/** Finds the lines of a log that contain a text, without regard to case, page by page. Pure. */
export class LineSearch {
  readonly matches: LineMatch[] = [];
  private readonly wanted: string;
  private readonly isAscii: boolean;
  private readonly limit: number;
  private line = 1;
  private offset = 0;
  private carry = Buffer.alloc(0);
  /** Inside a line that is too long to keep: its beginning was looked at. */
  private isInLongLine = false;

  constructor(wanted: string, limit: number) {
    this.wanted = wanted.toLowerCase();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
    this.isAscii = /^[\x00-\x7f]*$/.test(wanted);
    this.limit = limit;
  }

  get isFull(): boolean {
    return this.matches.length >= this.limit;
  }

  push(page: Buffer): void {
    const bytes = this.carry.length > 0 ? Buffer.concat([this.carry, page]) : page;
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) this.searchLines(bytes.subarray(0, end));
    const rest = bytes.subarray(end);
    if (rest.length <= LONGEST_LINE) {
      this.carry = Buffer.from(rest);
      return;
    }
    if (!this.isInLongLine) this.test(rest.subarray(0, LONGEST_LINE));
    this.isInLongLine = true;
    this.offset += rest.length;
    this.carry = Buffer.alloc(0);
  }

  /** The last line has no newline. */
  finish(): void {
    if (this.carry.length > 0 && !this.isInLongLine) this.test(this.carry);
  }

  private searchLines(bytes: Buffer): void {
    // A page that has it nowhere needs only its newlines counted: that is most pages of most searches.
    const isWorthwhile = !this.isAscii || bytes.toString("latin1").toLowerCase().includes(this.wanted);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0 && !this.isFull; end = bytes.indexOf(NEWLINE, start)) {
      if (isWorthwhile && !this.isInLongLine)
        this.test(bytes.subarray(start, Math.min(end, start + LONGEST_LINE)));
      this.isInLongLine = false;
      this.offset += end + 1 - start;
      this.line += 1;
      start = end + 1;
    }
  }

  private test(bytes: Buffer): void {
    const text = bytes.toString("utf8");
    const at = text.toLowerCase().indexOf(this.wanted);
    if (at < 0 || this.isFull) return;
    const from = at + this.wanted.length <= SHOWN_CHARACTERS ? 0 : at - BEFORE_MATCH;
    this.matches.push({
      offset: this.offset,
      line: this.line,
      text: text.slice(from, from + SHOWN_CHARACTERS),
    });
  }
}
