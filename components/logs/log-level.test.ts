import { expect, test } from "vitest";
import { isShown, levelOf } from "./log-level";

test.each([
  ["RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB", "error"],
  ["Traceback (most recent call last):", "error"],
  ["[2026-01-01 10:00:00,000] [ERROR] [launch.py:321:sigkill_handler] exits with return code = 1", "error"],
  ["OVERFLOW! Rank 0 Skipping step. Attempted loss scale: 4096", "warning"],
  ["[WARNING] [real_accelerator.py] deprecated", "warning"],
  ["Epoch: 0 | Step: 1 | Actor Loss: 0.1 | Critic Loss: 0.2", "info"],
  ["average reward score: 1.2, no terror here", "info"],
])("%s", (text, level) => expect(levelOf(text)).toBe(level));

test("the level of warnings shows errors too", () => {
  expect(isShown("Error: x", "warning")).toBe(true);
  expect(isShown("WARNING x", "error")).toBe(false);
  expect(isShown("plain", "all")).toBe(true);
});
