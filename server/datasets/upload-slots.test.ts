import { expect, it } from "vitest";
import { UploadSlots } from "./upload-slots";

/** Work that ends when it is told to. */
function manual(started: number[], index: number) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const work = () => {
    started.push(index);
    return ended;
  };
  return { work, end: () => end() };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

it("two files are read at a time, the others in the order in which they came", async () => {
  const slots = new UploadSlots();
  const started: number[] = [];
  const works = [0, 1, 2, 3].map((index) => manual(started, index));
  const all = Promise.all(works.map(({ work }) => slots.inTurn(work)));
  await settle();
  expect(started).toEqual([0, 1]);
  works[1]?.end();
  await settle();
  expect(started).toEqual([0, 1, 2]);
  for (const { end } of works) end();
  await all;
  expect(started).toEqual([0, 1, 2, 3]);
});

it("a file that is refused gives its turn to the next", async () => {
  const slots = new UploadSlots();
  const refuse = () => slots.inTurn(() => Promise.reject(new Error("refused")));
  const results = await Promise.allSettled([refuse(), refuse(), refuse()]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(await slots.inTurn(async () => "read")).toBe("read");
});

it("the ninth upload is told to wait, and may come once one is done", async () => {
  const slots = new UploadSlots();
  const works = Array.from({ length: 8 }, (_, index) => manual([], index));
  const all = Promise.all(works.map(({ work }) => slots.admit(work)));
  const ninth = () => slots.admit(async () => "stored");
  await expect(ninth()).rejects.toMatchObject({
    code: "LIMIT",
    message: "8 files are being uploaded already.",
  });
  for (const { end } of works) end();
  await all;
  expect(await ninth()).toBe("stored");
});
