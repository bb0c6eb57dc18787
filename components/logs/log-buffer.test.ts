import { expect, test } from "vitest";
import { createLogBuffer, cutFirstLine } from "./log-buffer";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (line: Uint8Array) => new TextDecoder().decode(line);
const linesOf = (buffer: ReturnType<typeof createLogBuffer>) =>
  Array.from({ length: buffer.lineCount() }, (_, index) => text(buffer.line(index)));

test("a line that arrives in pieces is one line", () => {
  const buffer = createLogBuffer(100, bytes("one\ntw"));
  buffer.append(bytes("o\nthr"));
  buffer.append(bytes("ee"));
  expect(linesOf(buffer)).toEqual(["one", "two", "three"]);
  expect([buffer.start(), buffer.end()]).toEqual([100, 113]);
});

test("a character that is cut at a border is whole again", () => {
  const whole = bytes("größer\n");
  const buffer = createLogBuffer(0, whole.subarray(0, 3));
  buffer.append(whole.subarray(3));
  expect(linesOf(buffer)).toEqual(["größer", ""]);
});

test("older bytes go in front, and every line keeps its place in the file", () => {
  const buffer = createLogBuffer(8, bytes("three\n"));
  expect(buffer.prepend(bytes("one\ntwo\n"))).toBe(2);
  expect(linesOf(buffer)).toEqual(["one", "two", "three", ""]);
  expect(buffer.offsetOf(2)).toBe(8);
  expect([0, 5, 8, 13, 14].map((offset) => buffer.lineAt(offset))).toEqual([0, 1, 2, 2, 3]);
  expect(buffer.lineAt(99)).toBe(-1);
});

test("what is held has an end: the oldest lines go, at a line's border", () => {
  const line = bytes(`${"x".repeat(1023)}\n`);
  const chunk = new Uint8Array(1024 * 1024);
  for (let at = 0; at < chunk.length; at += line.length) chunk.set(line, at);
  const buffer = createLogBuffer(0, chunk);
  for (let count = 1; count < 40; count += 1) buffer.append(chunk);
  expect(buffer.end()).toBe(40 * 1024 * 1024);
  expect(buffer.end() - buffer.start()).toBeLessThan(33 * 1024 * 1024);
  expect(buffer.line(0)).toHaveLength(1023);
});

test("short lines have an end too: no browser can scroll over millions", () => {
  const chunk = new Uint8Array(100_000).fill(10);
  const buffer = createLogBuffer(0, chunk);
  for (let count = 1; count < 30; count += 1) buffer.append(chunk);
  expect(buffer.end()).toBe(3_000_000);
  expect(buffer.lineCount()).toBeLessThanOrEqual(1_000_001);
});

test("the rest of a line that began before is cut, unless the file begins there", () => {
  expect(cutFirstLine(bytes("st\nline"), false)).toMatchObject({ cut: 3 });
  expect(cutFirstLine(bytes("st\nline"), true)).toMatchObject({ cut: 0 });
  expect(cutFirstLine(bytes("no newline"), false)).toMatchObject({ cut: 0 });
});
