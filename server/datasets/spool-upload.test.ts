import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withUpload } from "./spool-upload";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Two pieces with `pauseMs` between them, then nothing more, ever, if `isCut`. */
async function* pieces(pauseMs: number, { isCut }: { isCut: boolean }): AsyncGenerator<Uint8Array> {
  yield Buffer.from("one ");
  // The reader's clock starts once it has asked.
  await Promise.resolve();
  await vi.advanceTimersByTimeAsync(pauseMs);
  yield Buffer.from("two");
  await Promise.resolve();
  if (isCut) await vi.advanceTimersByTimeAsync(60_000);
  if (isCut) await new Promise(() => {});
}

it("an upload is given up once no byte came for a minute", async () => {
  const spooled = withUpload(pieces(0, { isCut: true }), async () => "stored");
  await expect(spooled).rejects.toMatchObject({
    code: "TIMEOUT",
    message: "No more of the file came for 60 seconds.",
  });
});

it("an upload may be slow as long as something comes", async () => {
  const read = ({ path }: { path: string }) => readFile(path, "utf8");
  expect(await withUpload(pieces(59_000, { isCut: false }), read)).toBe("one two");
});
