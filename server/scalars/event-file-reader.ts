import { maskedCrc32c } from "./crc32c";
import { isHeaderSound } from "./header-crc";
import { type EventScan, readEvent } from "./read-event";
import { readPlainEvent } from "./read-plain-event";
import { findHeader, trailingZerosFrom } from "./resync";
import type { ScalarColumns } from "./scalar-columns";
import { TagTable } from "./tag-table";

const HEADER = 12;
const FOOTER = 4;
/** A record past this size is an image or a graph, never a scalar: it is passed over by its length. */
const LARGEST_SCALAR_RECORD = 262_144;
const LARGEST_RECORD = 2 ** 40;
/** A run of zeros longer than this is damage; a shorter one may be a page that is not written yet. */
const LARGEST_TORN_TAIL = 65_536;

/** What a reader needs to go on from `offset` in another process. Plain JSON. */
export interface EventReaderState {
  offset: number;
  corruptRecords: number;
  /** Bytes of a large record still to pass over. */
  skip: number;
  /** Inside damage, looking for the next record. */
  isResyncing: boolean;
}

/**
 * Streaming reader of one TensorBoard event file: TFRecord framing (length u64, masked CRC, payload, masked CRC)
 * around Event messages. Both CRCs are always checked. No object and no string per event: points go to typed
 * columns per tag (`tags`). A torn tail waits for more bytes; a payload with a wrong CRC is left out and counted;
 * after a broken header the next valid one is searched and the damage counted once.
 * Format: tensorflow/core/lib/io/record_writer.h, tensorboard/compat/proto/{event,summary}.proto.
 */
export class EventFileReader {
  private readonly table = new TagTable();
  private readonly scan: EventScan;
  private carry = new Uint8Array(1024);
  private carried = 0;
  private consumed: number;
  private corrupt: number;
  private skip: number;
  private isResyncing: boolean;
  private points = 0;

  constructor(state?: EventReaderState) {
    this.consumed = state?.offset ?? 0;
    this.corrupt = state?.corruptRecords ?? 0;
    this.skip = state?.skip ?? 0;
    this.isResyncing = state?.isResyncing ?? false;
    const bytes = new Uint8Array(0);
    this.scan = { bytes, view: viewOf(bytes), offset: 0, tags: this.table, wallTime: 0, step: 0 };
  }

  /** Consumed up to here: a record boundary. Bytes pushed after it wait in the carry. */
  get offset(): number {
    return this.consumed;
  }
  get corruptRecords(): number {
    return this.corrupt;
  }
  /** Scalars read since the last `clear`. */
  get scalarCount(): number {
    return this.points;
  }
  get tags(): readonly ScalarColumns[] {
    return this.table.tags;
  }

  state(): EventReaderState {
    return {
      offset: this.consumed,
      corruptRecords: this.corrupt,
      skip: this.skip,
      isResyncing: this.isResyncing,
    };
  }

  /** Forgets the points, keeps the position and the memory. */
  clear(): void {
    for (const tag of this.table.tags) tag.clear();
    this.points = 0;
  }

  /** Reads what follows the bytes pushed so far. `bytes` may be reused by the caller afterwards. */
  push(bytes: Uint8Array): void {
    let from = 0;
    while (this.carried > 0 && from < bytes.length) {
      const missing = Math.min(this.missingBytes(), bytes.length - from);
      this.append(bytes, from, from + missing);
      from += missing;
      this.keep(this.carry, this.read(this.carry, 0, this.carried), this.carried);
    }
    if (from < bytes.length) this.keep(bytes, this.read(bytes, from, bytes.length), bytes.length);
  }

  /** How much more than the carry is needed for the next step forward. */
  private missingBytes(): number {
    if (this.isResyncing) return LARGEST_TORN_TAIL;
    if (this.carried < HEADER) return HEADER - this.carried;
    const length = viewOf(this.carry).getUint32(0, true);
    const whole = HEADER + length + FOOTER;
    return whole > this.carried && length <= LARGEST_SCALAR_RECORD ? whole - this.carried : LARGEST_TORN_TAIL;
  }

  private append(bytes: Uint8Array, from: number, to: number): void {
    const needed = this.carried + to - from;
    if (needed > this.carry.length) {
      const larger = new Uint8Array(Math.max(needed, this.carry.length * 2));
      larger.set(this.carry.subarray(0, this.carried));
      this.carry = larger;
    }
    this.carry.set(bytes.subarray(from, to), this.carried);
    this.carried = needed;
  }

  private keep(bytes: Uint8Array, from: number, to: number): void {
    if (bytes === this.carry) {
      this.carry.copyWithin(0, from, to);
      this.carried = to - from;
      return;
    }
    this.carried = 0;
    if (from < to) this.append(bytes, from, to);
  }

  /** Consumes whole records of bytes[start, end); returns where the first unconsumed byte is. */
  private read(bytes: Uint8Array, start: number, end: number): number {
    const scan = this.scan;
    scan.bytes = bytes;
    scan.view = viewOf(bytes);
    const base = this.consumed - start;
    let at = start;
    for (;;) {
      const next =
        this.isResyncing || this.skip > 0 ? this.pass(bytes, at, end) : this.readRecord(bytes, at, end, base);
      if (next === at) break;
      at = next;
    }
    this.consumed = base + at;
    return at;
  }

  /** One record. Returns the position after it, or `at` when it is not all there. */
  private readRecord(bytes: Uint8Array, at: number, end: number, base: number): number {
    if (end - at < HEADER) return at;
    const { scan } = this;
    if (!isHeaderSound(bytes, scan.view, at)) return this.startResync(bytes, at, end);
    const length = scan.view.getUint32(at, true) + scan.view.getUint32(at + 4, true) * 2 ** 32;
    if (length > LARGEST_SCALAR_RECORD) {
      if (length > LARGEST_RECORD) return this.startResync(bytes, at, end);
      this.skip = HEADER + length + FOOTER;
      return this.pass(bytes, at, end);
    }
    const dataStart = at + HEADER;
    const dataEnd = dataStart + length;
    if (dataEnd + FOOTER > end) return at;
    const crc = scan.view.getInt32(dataEnd, true);
    if (maskedCrc32c(bytes, dataStart, dataEnd) === crc) {
      scan.offset = base + at;
      const added = readPlainEvent(scan, dataStart, dataEnd) ? 1 : readEvent(scan, dataStart, dataEnd);
      if (added > 0) this.points += added;
      else if (added < 0) this.corrupt += 1;
      return dataEnd + FOOTER;
    }
    if (isTorn(bytes, dataEnd + FOOTER, end)) return at;
    this.corrupt += 1;
    return dataEnd + FOOTER;
  }

  private startResync(bytes: Uint8Array, at: number, end: number): number {
    if (isTorn(bytes, at + HEADER, end)) return at;
    this.corrupt += 1;
    this.isResyncing = true;
    return this.pass(bytes, at + 1, end);
  }

  /** Passes over a large record or over damage. */
  private pass(bytes: Uint8Array, at: number, end: number): number {
    if (this.skip > 0) {
      const step = Math.min(this.skip, end - at);
      this.skip -= step;
      return at + step;
    }
    const found = findHeader(bytes, this.scan.view, at, end);
    if (found >= 0) {
      this.isResyncing = false;
      return found;
    }
    const zeros = trailingZerosFrom(bytes, at, end);
    const written = end - zeros <= LARGEST_TORN_TAIL ? zeros : end;
    return Math.max(at, written - HEADER + 1);
  }
}

/** A file whose end is not written yet reads as zeros there: is the byte before `unitEnd` one of them? */
function isTorn(bytes: Uint8Array, unitEnd: number, end: number): boolean {
  const zeros = trailingZerosFrom(bytes, 0, end);
  return zeros < unitEnd && end - zeros <= LARGEST_TORN_TAIL;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
