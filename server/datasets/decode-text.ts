import { UnreadableFile } from "./source-row";

/** UTF-8 without its byte order mark, in the pieces that it comes in. @throws UnreadableFile where it is something else */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  const decode = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch (cause) {
      const message = "The text is not UTF-8 from about here on. Save the file as UTF-8 and upload it again.";
      throw new UnreadableFile(`line ${line}`, message, { cause });
    }
  };
  for await (const piece of bytes) {
    const text = decode(piece);
    yield text;
    line += countLines(text);
  }
  yield decode();
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
