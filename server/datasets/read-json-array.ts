import { readJsonLines } from "./read-json-lines";
import { rowOf, type SourceRow, UnreadableFile } from "./source-row";

/** A .json file: an array of objects, or, as many tools write it, one object a line. @throws UnreadableFile */
export async function* readJson(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  const pieces = text[Symbol.asyncIterator]();
  let head = "";
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    head += next.value;
    if (head.trim() !== "") break;
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
  private element = "";
  private line = 1;
  private elementLine = 1;
  private row = 0;

  *take(text: string): Generator<SourceRow> {
    for (const character of text) {
      if (character === "\n") this.line += 1;
      if (
        this.depth > 0 &&
        !this.isInString &&
        this.depth === 1 &&
        (character === "," || character === "]")
      ) {
        yield* this.close(character);
      } else if (this.depth === 0) {
        this.outside(character);
      } else {
        this.inside(character);
      }
    }
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

  private inside(character: string): void {
    if (this.element === "") {
      if (character.trim() === "") return;
      this.elementLine = this.line;
    }
    this.element += character;
    if (this.isInString) {
      if (this.isEscaped) this.isEscaped = false;
      else if (character === "\\") this.isEscaped = true;
      else if (character === '"') this.isInString = false;
    } else if (character === '"') this.isInString = true;
    else if (character === "{" || character === "[") this.depth += 1;
    else if (character === "}" || character === "]") this.depth -= 1;
  }

  private *close(character: string): Generator<SourceRow> {
    const isEmptyArray = character === "]" && this.row === 0 && this.element === "";
    if (!isEmptyArray) {
      this.row += 1;
      yield rowOf(`row ${this.row} (line ${this.elementLine})`, this.element);
    }
    this.element = "";
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
