import { describe, expect, it, vi } from "vitest";
import type { FileHint } from "../contracts/sockets";
import type { TelemetryTick } from "../contracts/telemetry";
import { Outbox } from "./outbox";

const tick = (nodeId: string, at: number, processes: TelemetryTick["processes"] = null): TelemetryTick => ({
  nodeId,
  at,
  gpuUuids: [],
  values: [],
  host: null,
  processes,
});
const hint = (fileId: string, offset: number, scalarCount: number): FileHint => ({
  runId: "r",
  attemptId: "a",
  fileId,
  path: "training.log",
  kind: "log",
  generation: 0,
  offset,
  isComplete: false,
  scalarCount,
  tail: { offset: offset - 1, bytes: Buffer.from("x") },
});

describe("the outbox", () => {
  it("tells everything of a moment in one message of each kind", async () => {
    const sent: [string, unknown][] = [];
    const outbox = new Outbox((name, ...payload) => {
      sent.push([name, payload[0]]);
    });
    outbox.addTick(tick("n1", 1, []));
    outbox.addTick(tick("n1", 2));
    outbox.addTick(tick("n2", 2));
    outbox.addHint(hint("f", 10, 1));
    outbox.addHint(hint("f", 20, 2));
    outbox.addHint(hint("g", 5, 0));
    outbox.addChange({ kind: "attempt", attemptId: "a", runId: "r", nodeId: "n1" });
    outbox.addChange({ kind: "node", nodeId: "n1" });
    expect(sent).toEqual([]);
    await vi.waitUntil(() => sent.length === 3);
    expect(Object.fromEntries(sent)).toEqual({
      telemetry: { ticks: [tick("n1", 2, []), tick("n2", 2)] },
      files: { hints: [{ ...hint("f", 20, 3), tail: null }, hint("g", 5, 0)] },
      changed: { nodes: ["n1"], runs: ["r"], attempts: ["a"], evaluations: [] },
    });
  });

  it("sends what waits when it stops", () => {
    const sent: string[] = [];
    const outbox = new Outbox((name, ..._payload) => {
      sent.push(name);
    });
    outbox.addChange({ kind: "node", nodeId: "n" });
    outbox.stop();
    expect(sent).toEqual(["changed"]);
  });
});
