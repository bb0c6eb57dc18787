import { expect, test } from "vitest";
import { failureAdvice } from "./failure-advice";

test.each([
  ["CUDA out of memory: tried to allocate 2 GiB", "failed", /smaller batch/],
  ["killed by the kernel: out of memory", "failed", /main memory/],
  ["OSError: No space left on device", "failed", /disk is full/],
  ["the node was restarted", "interrupted", /went away/],
  ["exit status 1", "failed", /last lines of the log/],
] as const)("%s", (reason, status, advice) => {
  expect(failureAdvice({ reason, exitWhy: null, status }).text).toMatch(advice);
});
