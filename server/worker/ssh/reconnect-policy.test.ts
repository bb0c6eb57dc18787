import { describe, expect, it } from "vitest";
import { nextReconnect } from "./reconnect-policy";

describe("nextReconnect", () => {
  it.each([
    [1, 1_000, 2_000],
    [2, 1_000, 4_000],
    [4, 1_000, 16_000],
    [9, 1_000, 30_000],
    [500, 1_000, 30_000],
  ])("after %i failures waits between %i and %i ms", (failures, least, most) => {
    const delay = (random: number) =>
      nextReconnect({ code: "NODE_UNREACHABLE", failures, rejections: 0, random });
    expect(delay(0)).toEqual({ action: "retry", delayMs: least });
    expect(delay(0.999999)).toEqual({ action: "retry", delayMs: most });
  });

  it("tries a rejected login once more and then stops", () => {
    const step = (rejections: number) =>
      nextReconnect({ code: "SSH_AUTH_REJECTED", failures: rejections, rejections, random: 0 }).action;
    expect([step(1), step(2), step(3)]).toEqual(["retry", "stop", "stop"]);
  });

  it("stops at once when the host key changed", () => {
    expect(nextReconnect({ code: "HOST_KEY_MISMATCH", failures: 1, rejections: 0, random: 0 }).action).toBe(
      "stop",
    );
  });
});
