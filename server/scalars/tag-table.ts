import { ScalarColumns } from "./scalar-columns";

/** Compared four bytes at a time, from the end: tags of one program share their beginning. */
function isSame(tag: ScalarColumns, view: DataView, start: number, length: number): boolean {
  const own = tag.tagView;
  if (own.byteLength !== length) return false;
  for (let i = length - 4; i > 0; i -= 4) if (own.getInt32(i) !== view.getInt32(start + i)) return false;
  // The first four overlap with what was compared when the length is no multiple of four.
  if (length >= 4) return own.getInt32(0) === view.getInt32(start);
  for (let i = 0; i < length; i += 1) if (own.getUint8(i) !== view.getUint8(start + i)) return false;
  return true;
}

function hashOf(view: DataView, start: number, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < start + length; i += 1) hash = Math.imul(hash ^ view.getUint8(i), 0x01000193);
  return hash;
}

/** Finds a tag's columns by its bytes, without making a string: first the guess, then a hash. */
export class TagTable {
  readonly tags: ScalarColumns[] = [];
  private readonly byHash = new Map<number, ScalarColumns[]>();
  private last: ScalarColumns | null = null;

  find(view: DataView, start: number, length: number): ScalarColumns {
    const last = this.last;
    const guess = last === null ? null : last.next;
    if (guess !== null && isSame(guess, view, start, length)) {
      this.last = guess;
      return guess;
    }
    const found = this.lookUp(view, start, length);
    if (last !== null) last.next = found;
    this.last = found;
    return found;
  }

  private lookUp(view: DataView, start: number, length: number): ScalarColumns {
    const hash = hashOf(view, start, length);
    const bucket = this.byHash.get(hash) ?? [];
    const known = bucket.find((tag) => isSame(tag, view, start, length));
    if (known) return known;
    const created = new ScalarColumns(new Uint8Array(view.buffer, view.byteOffset + start, length).slice());
    bucket.push(created);
    this.byHash.set(hash, bucket);
    this.tags.push(created);
    return created;
  }
}
