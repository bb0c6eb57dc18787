import { describe, expect, it } from "vitest";
import { createOwner, isDeadHere } from "./lease-owner";

describe.skipIf(process.platform !== "linux")("the owner of leases", () => {
  const own = createOwner();
  const [, machine, pid, startedAt, nonce] = own.split("/");

  it("has a new name every time and is alive while its process is", () => {
    expect(createOwner()).not.toBe(own);
    expect(isDeadHere(own)).toBe(false);
  });

  it("is dead when its process is gone, or its pid has gone to a later process", () => {
    expect(isDeadHere(["worker", machine, 2 ** 22 + 1, startedAt, nonce].join("/"))).toBe(true);
    expect(isDeadHere(["worker", machine, pid, "1", nonce].join("/"))).toBe(true);
  });

  it("is left alone when it is on another machine or boot, or says nothing about itself", () => {
    expect(isDeadHere(["worker", "elsewhere", 2 ** 22 + 1, "1", nonce].join("/"))).toBe(false);
    expect(isDeadHere("worker/ab12")).toBe(false);
    expect(isDeadHere("")).toBe(false);
  });
});
