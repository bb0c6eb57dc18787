import { Counter, Gauge, Registry } from "prom-client";
import { expect, it } from "vitest";
import { mergeExpositions } from "./merge-expositions";

async function exposition(process_: string, isCounting: boolean): Promise<string> {
  const registry = new Registry();
  new Gauge({ name: "memory_bytes", help: "Memory.", labelNames: ["process"], registers: [registry] }).set(
    { process: process_ },
    5,
  );
  if (isCounting) new Counter({ name: "logins_total", help: "Logins.", registers: [registry] }).inc();
  return registry.metrics();
}

it("puts the samples of one metric together and tells what it is once", async () => {
  const merged = mergeExpositions([await exposition("web", false), await exposition("worker", true)]);
  expect(merged.split("\n")).toEqual([
    "# HELP memory_bytes Memory.",
    "# TYPE memory_bytes gauge",
    'memory_bytes{process="web"} 5',
    'memory_bytes{process="worker"} 5',
    "# HELP logins_total Logins.",
    "# TYPE logins_total counter",
    "logins_total 1",
    "",
  ]);
});
