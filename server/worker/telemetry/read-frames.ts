/** What a line of telemetry.sh says. `text` is the rest of the line. */
const FRAME_KINDS = {
  V: "hello",
  Q: "columns of --query-gpu, comma separated",
  G: "row of --query-gpu",
  H: "host counters",
  D: "disk blocks",
  L: "line of nvidia-smi -L",
  P: "pid attempt user",
  A: "row of --query-compute-apps",
  M: "line of nvidia-smi -q",
  E: "a short query ended: list | apps | mig, exit status",
  N: "what nvidia-smi said instead of a row",
  S: "state of the GPU reading",
} as const;
export type FrameKind = keyof typeof FRAME_KINDS;
export interface Frame {
  kind: FrameKind;
  text: string;
}

const LONGEST_LINE = 64 * 1024;

const isFrameKind = (kind: string): kind is FrameKind => Object.hasOwn(FRAME_KINDS, kind);

/**
 * Cuts the channel's bytes into frames `@nonce KIND text`. Other lines are noise of a login shell and dropped.
 * A character cut in two by a packet border stays whole.
 * @throws RangeError for a line above 64 KiB: whatever writes there is not our reader
 */
export class FrameReader {
  readonly #prefix: string;
  readonly #decoder = new TextDecoder();
  #rest = "";

  constructor(nonce: string) {
    this.#prefix = `@${nonce} `;
  }

  push(bytes: Buffer): Frame[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > LONGEST_LINE) throw new RangeError("a telemetry line is longer than 64 KiB");
    return lines.flatMap((line) => this.#parse(line.endsWith("\r") ? line.slice(0, -1) : line) ?? []);
  }

  #parse(line: string): Frame | null {
    const start = line.indexOf(this.#prefix);
    if (start === -1) return null;
    const body = line.slice(start + this.#prefix.length);
    const kind = body.slice(0, 1);
    if (!isFrameKind(kind) || (body.length > 1 && body[1] !== " ")) return null;
    return { kind, text: body.slice(2) };
  }
}
