import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Chunk, RowSpool } from "./spool-rows";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "rows-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const ROW = { prompt: "Human: Why? Assistant:", chosen: "x".repeat(400_000), rejected: null };

it("gives back every row in chunks of whole lines, each with the number of its first row", async () => {
  const chunks = await RowSpool.within({ directory }, async (spool) => {
    for (let row = 0; row < 7; row++) await spool.add("train", { ...ROW, rejected: `${row}` });
    await spool.add("eval", { ...ROW, rejected: "held back" });
    await spool.finish();
    const all: Chunk[] = [];
    for await (const chunk of spool.chunks()) all.push(chunk);
    return all;
  });
  const shown = chunks.map(({ part, index, firstRow, bytes }) => {
    const rows = bytes.toString("utf8").trimEnd().split("\n");
    return [part, index, firstRow, ...rows.map((line) => JSON.parse(line).rejected)];
  });
  expect(shown).toEqual([
    ["train", 0, 0, "0", "1", "2"],
    ["train", 1, 3, "3", "4", "5"],
    ["train", 2, 6, "6"],
    ["eval", 0, 0, "held back"],
  ]);
});

it("refuses more text than may be stored, of both parts together", async () => {
  const fill = RowSpool.within({ directory, maxBytes: 1_048_576 }, async (spool) => {
    await spool.add("train", ROW);
    await spool.add("eval", ROW);
    await spool.add("train", ROW);
  });
  await expect(fill).rejects.toMatchObject({
    code: "LIMIT",
    message: "The file's rows hold more than 1 MiB of text.",
  });
});
