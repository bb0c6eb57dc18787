import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { assertOwnDirectory } from "./link-directory";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "trainyard-link-"));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test("a folder of our own is taken, wherever it is", () => {
  chmodSync(parent, 0o1777);
  mkdirSync(join(parent, "ours"));
  expect(() => assertOwnDirectory(join(parent, "ours"))).not.toThrow();
});

test("a link that somebody put where all may write is refused", () => {
  chmodSync(parent, 0o1777);
  mkdirSync(join(parent, "theirs"));
  symlinkSync(join(parent, "theirs"), join(parent, "link"));
  expect(() => assertOwnDirectory(join(parent, "link"))).toThrow(/TRAINYARD_LINK_SOCKET/);
});

test("another user's folder is refused where all may write, and taken where only we may", (ctx) => {
  if (process.getuid?.() !== 0) return ctx.skip("only root can make another user's folder");
  mkdirSync(join(parent, "theirs"));
  chownSync(join(parent, "theirs"), 65534, 65534);
  expect(() => assertOwnDirectory(join(parent, "theirs"))).not.toThrow();
  chmodSync(parent, 0o1777);
  expect(() => assertOwnDirectory(join(parent, "theirs"))).toThrow(/belongs to somebody else/);
});
