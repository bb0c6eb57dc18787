import { expect, it } from "vitest";
import { isAppError } from "../../errors";
import { KeptLooks } from "./kept-looks";

function clock() {
  let now = 0;
  return { now: () => now, pass: (ms: number) => (now += ms) };
}

it("answers equal questions once while the answer is fresh, and asks again later", async () => {
  const { now, pass } = clock();
  const looks = new KeptLooks<number>({}, now);
  let asked = 0;
  const look = async () => ++asked;
  expect(await Promise.all([looks.ask("a", look), looks.ask("a", look)])).toEqual([1, 1]);
  pass(8_000);
  expect(await looks.ask("a", look)).toBe(1);
  expect(await looks.ask("b", look)).toBe(2);
  pass(1);
  expect(await looks.ask("a", look)).toBe(3);
});

it("looks for one thing at a time, in the order of the questions", async () => {
  const looks = new KeptLooks<string>();
  let running = 0;
  const seen: string[] = [];
  const look = (name: string) => async () => {
    running += 1;
    expect(running).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    seen.push(name);
    return name;
  };
  await Promise.all(["a", "b", "c"].map((name) => looks.ask(name, look(name))));
  expect(seen).toEqual(["a", "b", "c"]);
});

it("keeps no failure, and goes on after one", async () => {
  const looks = new KeptLooks<string>();
  const failing = looks.ask("a", () => Promise.reject(new Error("away")));
  const next = looks.ask("b", async () => "there");
  await expect(failing).rejects.toThrow("away");
  expect(await next).toBe("there");
  expect(await looks.ask("a", async () => "back")).toBe("back");
});

it("refuses more than so many at once, and takes the next when one is done", async () => {
  const looks = new KeptLooks<string>({ mostWaiting: 2 });
  let end = (_: string) => {};
  const first = looks.ask("a", () => new Promise((resolve) => (end = resolve)));
  const second = looks.ask("b", async () => "b");
  const third = await looks.ask("c", async () => "c").catch((error) => error);
  expect(isAppError(third) && third.code).toBe("LIMIT");
  await Promise.resolve();
  end("a");
  expect(await Promise.all([first, second])).toEqual(["a", "b"]);
  expect(await looks.ask("c", async () => "c")).toBe("c");
});

it("forgets the oldest of too many", async () => {
  const looks = new KeptLooks<number>({ mostKept: 2 });
  let asked = 0;
  const look = async () => ++asked;
  for (const key of ["a", "b", "c"]) await looks.ask(key, look);
  expect(await looks.ask("c", look)).toBe(3);
  expect(await looks.ask("a", look)).toBe(4);
});
