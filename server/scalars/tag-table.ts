import { ScalarColumns } from "./scalar-columns";

function isSame(tag: ScalarColumns, bytes: Uint8Array, start: number, end: number): boolean {
  const own = tag.tagBytes;
  const length = end - start;
  if (own.length !== length) return false;
  // From the end: tags of one program share their beginning.
  for (let i = length - 1; i >= 0; i -= 1) if (own[i] !== bytes[start + i]) return false;
  return true;
}

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i += 1) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  return hash;
}

/** Finds a tag's columns by its bytes, without making a string: first the guess, then a hash. */
export class TagTable {
  readonly tags: ScalarColumns[] = [];
  private readonly byHash = new Map<number, ScalarColumns[]>();
  private last: ScalarColumns | null = null;

  find(bytes: Uint8Array, start: number, end: number): ScalarColumns {
    const last = this.last;
    const guess = last?.next;
    if (guess && isSame(guess, bytes, start, end)) {
      this.last = guess;
      return guess;
    }
    const found = this.lookUp(bytes, start, end);
    if (last) last.next = found;
    this.last = found;
    return found;
  }

  private lookUp(bytes: Uint8Array, start: number, end: number): ScalarColumns {
    const hash = hashOf(bytes, start, end);
    const bucket = this.byHash.get(hash) ?? [];
    const known = bucket.find((tag) => isSame(tag, bytes, start, end));
    if (known) return known;
    const created = new ScalarColumns(bytes.slice(start, end));
    bucket.push(created);
    this.byHash.set(hash, bucket);
    this.tags.push(created);
    return created;
  }
}
