import { MutationObserver, QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { isRemoved } from "./is-removed";

function removal(client: QueryClient, mutationFn: () => Promise<void>) {
  return new MutationObserver(client, { mutationFn, meta: { removes: "/nodes/a" } });
}

test("what is being deleted and what was deleted is not read again, its neighbours are", async () => {
  const client = new QueryClient();
  let finish = () => {};
  const done = removal(client, () => new Promise<void>((resolve) => (finish = resolve))).mutate();
  const removed = () =>
    ["/nodes/a", "/nodes/a/samples?points=9", "/nodes/ab", "/nodes"].map((path) => isRemoved(client, path));
  expect(removed()).toEqual([true, true, false, false]);
  await Promise.resolve();
  finish();
  await done;
  expect(removed()).toEqual([true, true, false, false]);
});

test("what could not be deleted is read again", async () => {
  const client = new QueryClient();
  await expect(removal(client, () => Promise.reject(new Error("in use"))).mutate()).rejects.toThrow("in use");
  expect(isRemoved(client, "/nodes/a")).toBe(false);
});
