import { MAX_ROW_CHARACTERS, rowOf, type SourceRow, UnreadableFile } from "./source-row";

/** One JSON object a line; empty lines count but hold nothing. @throws UnreadableFile for a line that never ends */
export async function* readJsonLines(text: AsyncIterable<string>): AsyncGenerator<SourceRow> {
  let rest = "";
  let line = 0;
  const rowAt = (content: string): SourceRow | null => {
    line += 1;
    return content.trim() === "" ? null : rowOf(`line ${line}`, content);
  };
  for await (const piece of text) {
    const [first = "", ...lines] = piece.split("\n");
    lines.unshift(rest + first);
    rest = lines.pop() ?? "";
    for (const content of lines) {
      const row = rowAt(content);
      if (row !== null) yield row;
    }
    if (rest.length > MAX_ROW_CHARACTERS) {
      throw new UnreadableFile(
        `line ${line + 1}`,
        "This line is longer than 16 Mi characters. Put one JSON object on each line.",
      );
    }
  }
  const last = rowAt(rest);
  if (last !== null) yield last;
}
