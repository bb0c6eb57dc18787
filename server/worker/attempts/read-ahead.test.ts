import { randomBytes } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { RemoteFileHandle } from "../ssh";
import { CHUNK_BYTES, ChunkMemory } from "./chunk-memory";
import { ReadAhead } from "./read-ahead";

interface Asked {
  offset: number;
  length: number;
}

/** A file of which each read is told, and that may be cut or fail. */
function remote(content: Buffer) {
  const asked: Asked[] = [];
  const state = { content, error: null as Error | null };
  const read: RemoteFileHandle["read"] = async (offset, length, into) => {
    asked.push({ offset, length });
    await turn();
    if (state.error !== null) throw state.error;
    const bytes = state.content.subarray(offset, offset + length);
    const copy = into ?? Buffer.alloc(length);
    return copy.subarray(0, bytes.copy(copy));
  };
  return { handle: { read, size: async () => state.content.length, close: async () => {} }, asked, state };
}

/** How many chunks of memory are left. */
function countFree(memory: ChunkMemory): number {
  const held: Buffer[] = [];
  for (let one = memory.take(); one !== null; one = memory.take()) held.push(one);
  for (const one of held) memory.give(one);
  return held.length;
}

const content = randomBytes(5 * CHUNK_BYTES + 12_345);

test("reads a file in order and whole, two chunks ahead of who takes them", async () => {
  const { handle, asked } = remote(content);
  const memory = new ChunkMemory(3);
  const ahead = new ReadAhead(handle, memory);
  const parts: Buffer[] = [];
  for (let at = 0; at < content.length; ) {
    const bytes = await ahead.take(at, content.length);
    expect(asked.length).toBe(Math.min(6, parts.length + 3));
    parts.push(Buffer.from(bytes));
    at += bytes.length;
  }
  expect(Buffer.concat(parts).equals(content)).toBe(true);
  ahead.close();
  await turn();
  expect(countFree(memory)).toBe(3);
});

test("what was read behind an end that came early is never taken", async () => {
  const { handle, asked, state } = remote(content);
  const ahead = new ReadAhead(handle, new ChunkMemory());
  state.content = content.subarray(0, 1_000);
  expect((await ahead.take(0, content.length)).length).toBe(1_000);
  state.content = content;
  const next = await ahead.take(1_000, content.length);
  expect(next.equals(content.subarray(1_000, 1_000 + CHUNK_BYTES))).toBe(true);
  expect(asked.filter(({ offset }) => offset === 1_000)).toHaveLength(1);
});

test("where memory is short, files are read in small pieces and none ahead, and all of it comes back", async () => {
  const memory = new ChunkMemory(3);
  const greedy = new ReadAhead(remote(content).handle, memory);
  await greedy.take(0, content.length);
  const { handle, asked } = remote(content);
  const poor = new ReadAhead(handle, memory);
  const bytes = await poor.take(0, content.length);
  expect(asked).toEqual([{ offset: 0, length: 256 * 1024 }]);
  expect(bytes.equals(content.subarray(0, 256 * 1024))).toBe(true);
  greedy.close();
  await turn();
  const more = await poor.take(bytes.length, content.length);
  expect(more.equals(content.subarray(bytes.length, bytes.length + CHUNK_BYTES))).toBe(true);
  poor.close();
  await turn();
  expect(countFree(memory)).toBe(3);
});

test("a read that fails is told to who takes it, and its memory counts as given back", async () => {
  const { handle, state } = remote(content);
  const memory = new ChunkMemory(3);
  const ahead = new ReadAhead(handle, memory);
  state.error = new Error("cut");
  await expect(ahead.take(0, content.length)).rejects.toThrow("cut");
  ahead.close();
  await turn();
  expect(countFree(memory)).toBe(3);
});
