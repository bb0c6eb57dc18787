import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FirstLooks } from "./first-looks";

describe("the first looks of a start", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("are over when every node was looked at, and not before all are expected", async () => {
    const looks = new FirstLooks();
    looks.expect("a");
    looks.finish("a");
    expect(looks.isOver).toBe(false);
    looks.expect("b");
    looks.complete();
    expect(looks.isOver).toBe(false);
    looks.finish("b");
    expect(looks.isOver).toBe(true);
    await looks.over;
  });

  it("are over at once where there is no node, and stay so for nodes that come later", () => {
    const looks = new FirstLooks();
    looks.complete();
    looks.expect("a");
    expect(looks.isOver).toBe(true);
  });

  it("do not wait for nodes that do not answer, once no other has for 5 s", () => {
    const looks = new FirstLooks();
    looks.expect("a");
    looks.expect("b");
    looks.complete();
    vi.advanceTimersByTime(4_000);
    looks.finish("b");
    vi.advanceTimersByTime(4_999);
    expect(looks.isOver).toBe(false);
    vi.advanceTimersByTime(1);
    expect(looks.isOver).toBe(true);
  });
});
