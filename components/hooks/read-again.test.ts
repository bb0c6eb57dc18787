import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { readAgain } from "./read-again";

/** A query whose reads end when the test says so. */
function watched(client: QueryClient) {
  const finish: ((value: number) => void)[] = [];
  let canceled = 0;
  const observer = new QueryObserver<number>(client, {
    queryKey: ["/evaluations/a"],
    queryFn: ({ signal }) => {
      signal.addEventListener("abort", () => (canceled += 1));
      return new Promise((resolve) => finish.push(resolve));
    },
  });
  const stop = observer.subscribe(() => {});
  return { finish, observer, stop, canceled: () => canceled };
}

test("a read that is on its way comes, and is followed by one more however many changes there were", async () => {
  const client = new QueryClient();
  const { finish, observer, stop, canceled } = watched(client);
  const changes = [1, 2, 3].map(() => readAgain(client, () => true));
  expect(finish).toHaveLength(1);
  finish[0]?.(1);
  await expect.poll(() => finish.length).toBe(2);
  expect(observer.getCurrentResult().data).toBe(1);
  finish[1]?.(2);
  await Promise.all(changes);
  expect(observer.getCurrentResult().data).toBe(2);
  expect([finish.length, canceled()]).toEqual([2, 0]);
  stop();
});

test("what is at rest is read at once, what does not match is left alone", async () => {
  const client = new QueryClient();
  const { finish, stop } = watched(client);
  finish[0]?.(1);
  await expect.poll(() => client.isFetching()).toBe(0);
  await readAgain(client, ({ queryKey }) => queryKey[0] === "/runs");
  expect(finish).toHaveLength(1);
  const change = readAgain(client, () => true);
  expect(finish).toHaveLength(2);
  finish[1]?.(2);
  await change;
  stop();
});
