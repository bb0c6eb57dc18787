import { describe, expect, it } from "vitest";
import { FrameReader } from "./frame-reader";

const NONCE = "0123456789abcdef";
const BEGIN = `\x01ty:${NONCE}:begin\n`;
const END = `\x01ty:${NONCE}:end:`;

function read(text: string, chunkSize: number) {
  const content: Buffer[] = [];
  const reader = new FrameReader(NONCE, (bytes) => content.push(Buffer.from(bytes)));
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += chunkSize) reader.push(bytes.subarray(at, at + chunkSize));
  return {
    content: Buffer.concat(content).toString("latin1"),
    exitCode: reader.exitCode,
    hasBegun: reader.hasBegun,
  };
}

describe("FrameReader", () => {
  const contents = [
    "",
    "plain\n",
    "\x01",
    "\x01ty:",
    `\x01ty:${NONCE}:en`,
    "\x01ty:ffff:end:0\n",
    "\0\xff\xfe binary \x01\x01",
  ];
  it.each(contents)("takes %j out of noise whatever the chunk size", (content) => {
    const text = `motd\n\x01ty:${NONCE}:beg${BEGIN}${content}${END}17\nlogout\n`;
    for (const chunkSize of [1, 2, 3, 7, 16, 1000]) {
      expect(read(text, chunkSize)).toEqual({ content, exitCode: 17, hasBegun: true });
    }
  });

  it("knows no exit code while the end mark is not complete", () => {
    expect(read(`${BEGIN}half${END}1`, 4)).toEqual({ content: "half", exitCode: null, hasBegun: true });
  });

  it("drops everything when the frame never begins", () => {
    expect(read("only noise\n", 3)).toEqual({ content: "", exitCode: null, hasBegun: false });
  });
});
