import { readJsonLines } from "./read-json-lines";
import { MAX_ROW_CHARACTERS, rowOf, type SourceRow, UnreadableFile } from "./source-row";

/** A .json file: an array of objects, or, as many tools write it, one object a line. @throws UnreadableFile */
export async function* readJson(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  const pieces = text[Symbol.asyncIterator]();
  let head = "";
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    head += next.value;
    if (next.value.trim() !== "") break;
    if (head.length > MAX_ROW_CHARACTERS) {
      throw new UnreadableFile("line 1", "The file begins with more than 16 Mi blanks. Remove them.");
    }
  }
  const all = prepend(head, pieces);
  if (head.trimStart().startsWith("[")) yield* readJsonArray(all);
  else yield* readJsonLines(all);
}

async function* prepend(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Splits a top-level array into the texts of its elements, so that no more than one is in memory. */
class ArraySplitter {
  private depth = 0;
  private isInString = false;
  private isEscaped = false;
  private hasEnded = false;
  private hasBegun = false;
  /** Of the element that is open: what earlier pieces held of it. */
  private element = "";
  private line = 1;
  private elementLine = 1;
  private row = 0;

  *take(text: string): Generator<SourceRow> {
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      const character = text.charAt(at);
      if (character === "\n") this.line += 1;
      if (this.depth === 0) this.outside(character);
      else if (this.isEnd(character)) {
        this.append(text.slice(from, at));
        yield* this.close(character);
      } else if (this.hasBegun) this.inside(character);
      else if (character.trim() !== "") {
        from = at;
        this.begin(character);
      }
    }
    this.append(text.slice(from));
  }

  finish(): void {
    if (this.hasEnded) return;
    throw new UnreadableFile(
      `row ${this.row + 1} (line ${this.elementLine})`,
      "The file ends before its array does: it was cut off, or a quote or bracket is not closed from here on.",
    );
  }

  private outside(character: string): void {
    if (character === "[" && !this.hasEnded) this.depth = 1;
    else if (character.trim() !== "")
      throw new UnreadableFile(`line ${this.line}`, "There is text after the end of the array. Remove it.");
  }

  private isEnd(character: string): boolean {
    return this.depth === 1 && !this.isInString && (character === "," || character === "]");
  }

  private begin(character: string): void {
    this.hasBegun = true;
    this.elementLine = this.line;
    this.inside(character);
  }

  private append(text: string): void {
    if (!this.hasBegun) return;
    this.element += text;
    if (this.element.length <= MAX_ROW_CHARACTERS) return;
    throw new UnreadableFile(
      `row ${this.row + 1} (line ${this.elementLine})`,
      "This element is longer than 16 Mi characters. Make each row an element of its own.",
    );
  }

  private inside(character: string): void {
    if (this.isInString) {
      if (this.isEscaped) this.isEscaped = false;
      else if (character === "\\") this.isEscaped = true;
      else if (character === '"') this.isInString = false;
    } else if (character === '"') this.isInString = true;
    else if (character === "{" || character === "[") this.depth += 1;
    else if (character === "}" || character === "]") this.depth -= 1;
  }

  private *close(character: string): Generator<SourceRow> {
    const isEmptyArray = character === "]" && this.row === 0 && !this.hasBegun;
    if (!isEmptyArray) {
      this.row += 1;
      yield rowOf(`row ${this.row} (line ${this.elementLine})`, this.element);
    }
    this.element = "";
    this.hasBegun = false;
    if (character === "]") {
      this.depth = 0;
      this.hasEnded = true;
    }
  }
}

async function* readJsonArray(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  const splitter = new ArraySplitter();
  for await (const piece of text) yield* splitter.take(piece);
  splitter.finish();
}
