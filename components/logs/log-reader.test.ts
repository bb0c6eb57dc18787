import { describe, expect, test } from "vitest";
import type { FileHint } from "@/server/contracts/sockets";
import { createLogReader } from "./log-reader";
import type { LogChunk, LogRange } from "./read-log";

/** A log on the other side, which may grow between questions. */
function logOf(text: string) {
  const file = { bytes: new TextEncoder().encode(text), generation: 1, isComplete: false };
  const asked: LogRange[] = [];
  async function read(_attemptId: string, range: LogRange): Promise<LogChunk> {
    asked.push(range);
    const { bytes, generation, isComplete } = file;
    const offset = range.offset < 0 ? Math.max(0, bytes.length + range.offset) : range.offset;
    return {
      bytes: bytes.slice(offset, offset + range.length),
      generation,
      offset,
      size: bytes.length,
      isComplete,
    };
  }
  return { file, read, asked };
}
const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index}\n`).join("");
const lineOf = (reader: ReturnType<typeof createLogReader>, index: number) =>
  new TextDecoder().decode(reader.state().buffer?.line(index));

test("the tail comes first, at a line's beginning; older lines come on demand until the file's start", async () => {
  const { read } = logOf(numbered(60_000));
  const reader = createLogReader("a", read);
  await reader.openTail();
  expect(lineOf(reader, 0)).toMatch(/^line \d+$/);
  while ((reader.state().buffer?.start() ?? 0) > 0) await reader.older();
  expect(lineOf(reader, 0)).toBe("line 0");
  expect(reader.state().buffer?.lineCount()).toBe(60_001);
});

test("what is written later is appended, nothing twice", async () => {
  const { read, file } = logOf("one\ntw");
  const reader = createLogReader("a", read);
  await reader.openTail();
  file.bytes = new TextEncoder().encode("one\ntwo\nthree\n");
  await Promise.all([reader.follow(), reader.follow(), reader.follow()]);
  expect([0, 1, 2, 3].map((index) => lineOf(reader, index))).toEqual(["one", "two", "three", ""]);
});

test("a new generation begins again", async () => {
  const { read, file } = logOf("old\n");
  const reader = createLogReader("a", read);
  await reader.openTail();
  Object.assign(file, { bytes: new TextEncoder().encode("new\n"), generation: 2 });
  await reader.follow();
  expect(lineOf(reader, 0)).toBe("new");
  expect(reader.state().generation).toBe(2);
});

test("a night's log is caught up with by its tail, a short absence by what was written", async () => {
  const { read, file, asked } = logOf(numbered(10));
  const reader = createLogReader("a", read);
  await reader.openTail();
  file.bytes = new TextEncoder().encode(numbered(12));
  await reader.follow();
  expect([lineOf(reader, 0), lineOf(reader, 11)]).toEqual(["line 0", "line 11"]);
  file.bytes = new TextEncoder().encode(numbered(1_000_000));
  asked.length = 0;
  await reader.follow();
  expect(lineOf(reader, (reader.state().buffer?.lineCount() ?? 0) - 2)).toBe("line 999999");
  expect(asked.reduce((sum, { length }) => sum + length, 0)).toBeLessThan(500_000);
});

test("scrolling on reads a range, not all of the rest", async () => {
  const { read, asked } = logOf(numbered(1_000_000));
  const reader = createLogReader("a", read);
  await reader.openAt(0);
  await reader.newer();
  expect(asked).toHaveLength(2);
  expect(lineOf(reader, 0)).toBe("line 0");
});

test("a question that is never answered holds nothing up once it is given up", async () => {
  const { read, file } = logOf("one\n");
  let isDead = false;
  const reader = createLogReader("a", (id, range, signal) =>
    isDead
      ? new Promise((_resolve, reject) =>
          signal?.addEventListener("abort", () => reject(new Error("aborted"))),
        )
      : read(id, range),
  );
  await reader.openTail();
  isDead = true;
  const lost = reader.follow();
  await Promise.resolve();
  isDead = false;
  reader.giveUp();
  file.bytes = new TextEncoder().encode("one\ntwo\n");
  await Promise.all([lost, reader.follow()]);
  expect([lineOf(reader, 1), reader.state().error]).toEqual(["two", null]);
});

test("a log that has not begun is empty, not an error", async () => {
  const { read, file } = logOf("");
  const reader = createLogReader("a", read);
  await reader.openTail();
  expect(reader.state().phase).toBe("empty");
  file.bytes = new TextEncoder().encode("now\n");
  await reader.newer();
  expect(lineOf(reader, 0)).toBe("now");
});

describe("bytes that come with a hint", () => {
  const hint = (generation: number, offset: number, added: string): FileHint => ({
    runId: "r",
    attemptId: "a",
    fileId: "f",
    path: "training.log",
    kind: "log",
    generation,
    offset: offset + added.length,
    isComplete: false,
    scalarCount: 0,
    tail: { offset, bytes: new TextEncoder().encode(added) },
  });

  test("are appended without a question when they go on where ours end", async () => {
    const { read, asked } = logOf("one\n");
    const reader = createLogReader("a", read);
    await reader.openTail();
    await reader.take(hint(1, 4, "two\n"));
    expect([0, 1, 2].map((index) => lineOf(reader, index))).toEqual(["one", "two", ""]);
    expect(reader.state().size).toBe(8);
    expect(asked).toHaveLength(1);
  });

  test.each([
    ["leave a gap", hint(1, 8, "three\n")],
    ["are there already", hint(1, 0, "one\n")],
    ["belong to a file that was replaced", hint(2, 4, "two\n")],
    ["are missing", { ...hint(1, 4, "two\n"), tail: null }],
  ])("are asked for when they %s", async (_why, told) => {
    const { read, file, asked } = logOf("one\n");
    const reader = createLogReader("a", read);
    await reader.openTail();
    Object.assign(file, { bytes: new TextEncoder().encode("one\ntwo\nthree\n") });
    await reader.take(told);
    expect([0, 1, 2].map((index) => lineOf(reader, index))).toEqual(["one", "two", "three"]);
    expect(asked.length).toBeGreaterThan(1);
  });
});
