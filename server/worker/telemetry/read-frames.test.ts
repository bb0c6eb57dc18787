import { expect, it } from "vitest";
import { FrameReader } from "./read-frames";

const read = (...parts: (string | Buffer)[]) => {
  const reader = new FrameReader("ab12");
  return parts.flatMap((part) => reader.push(Buffer.from(part)));
};

it("reads frames", () => {
  expect(read("@ab12 V 1\n@ab12 G 0, GPU-a, 5\n")).toEqual([
    { kind: "V", text: "1" },
    { kind: "G", text: "0, GPU-a, 5" },
  ]);
});

it("joins a frame that came in pieces, also one cut inside a character", () => {
  const bytes = Buffer.from("@ab12 N naïve 日本\n");
  for (let at = 1; at < bytes.length; at += 1) {
    expect(read(bytes.subarray(0, at), bytes.subarray(at))).toEqual([{ kind: "N", text: "naïve 日本" }]);
  }
});

it("drops noise of a login shell, before a frame on the same line too", () => {
  expect(
    read("Welcome!\n@other G 1\nmotd without an end@ab12 H 1\r\n@ab12 X 1\n@ab12 Garbage\n@ab12 \n"),
  ).toEqual([{ kind: "H", text: "1" }]);
});

it("waits for the end of a line", () => {
  expect(read("@ab12 G 0, GPU-a")).toEqual([]);
});

it("refuses a line without an end", () => {
  const reader = new FrameReader("ab12");
  expect(() => {
    for (let block = 0; block < 20; block += 1) reader.push(Buffer.alloc(8192, "x"));
  }).toThrow(RangeError);
});
