import { rowOf, type SourceRow, UnreadableFile } from "./source-row";

const MAX_LINE_CHARACTERS = 16_777_216;

/** One JSON object a line; empty lines count but hold nothing. @throws UnreadableFile for a line that never ends */
export async function* readJsonLines(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  let rest = "";
  let line = 0;
  const rowAt = (content: string): SourceRow | null => {
    line += 1;
    return content.trim() === "" ? null : rowOf(`line ${line}`, content);
  };
  for await (const piece of text) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const content of lines) {
      const row = rowAt(content);
      if (row !== null) yield row;
    }
    if (rest.length > MAX_LINE_CHARACTERS) {
      throw new UnreadableFile(
        `line ${line + 1}`,
        "This line is longer than 16 Mi characters. Put one JSON object on each line.",
      );
    }
  }
  const last = rowAt(rest);
  if (last !== null) yield last;
}
