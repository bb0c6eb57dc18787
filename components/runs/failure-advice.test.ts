import { expect, test } from "vitest";
import { failureAdvice } from "./failure-advice";

test.each([
  ["CUDA out of memory: tried to allocate 2 GiB", "failed", /smaller batch/],
  ["killed by the kernel: out of memory", "failed", /main memory/],
  ["OSError: No space left on device", "failed", /disk is full/],
  ["the node was restarted", "interrupted", /went away/],
  ["exit status 1", "failed", /last lines of the log/],
] as const)("%s", (reason, status, advice) => {
  expect(failureAdvice({ reason, exitWhy: null, status, endCause: null }).text).toMatch(advice);
});

test.each([
  ["gpu_out_of_memory", /smaller batch/],
  ["node_out_of_memory", /main memory/],
] as const)("%s, whatever the reason says", (endCause, advice) => {
  const attempt = { reason: "No such file", exitWhy: "exit", status: "failed", endCause } as const;
  expect(failureAdvice(attempt).text).toMatch(advice);
});
