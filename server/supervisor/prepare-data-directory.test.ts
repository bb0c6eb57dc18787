import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepareDataDirectory } from "./prepare-data-directory";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "trainyard-data-"));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test("a new directory lets others through and lets nobody look", () => {
  const directory = join(parent, "a", "data");
  prepareDataDirectory(directory);
  expect(statSync(directory).mode & 0o777).toBe(0o711);
  expect(statSync(join(directory, "run")).mode & 0o777).toBe(0o700);
});

test("the rights of a directory that was there stay as they were", () => {
  chmodSync(parent, 0o1777);
  prepareDataDirectory(parent);
  expect(statSync(parent).mode & 0o7777).toBe(0o1777);
});

test("a path that leads through a file is refused with the reason and the setting", () => {
  const file = join(parent, "file");
  writeFileSync(file, "");
  expect(() => prepareDataDirectory(join(file, "data"))).toThrow(
    /part of its path is a file.*\n.*TRAINYARD_DATA_DIR/,
  );
});

test("a folder that this user may not write is refused with the reason", (ctx) => {
  if (process.getuid?.() === 0) return ctx.skip("root writes everywhere");
  chmodSync(parent, 0o500);
  expect(() => prepareDataDirectory(join(parent, "data"))).toThrow(/may not write there/);
});
