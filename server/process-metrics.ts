import { collectDefaultMetrics, Registry } from "prom-client";

/**
 * A process's own figures: event-loop lag, memory, processor time, garbage collection, open files. The label `process`
 * tells web and worker apart where both are read at one place, and `worker` one worker from another.
 */
export function createRegistry(process_: "web" | "worker", labels: Record<string, string> = {}): Registry {
  const registry = new Registry();
  registry.setDefaultLabels(labels);
  collectDefaultMetrics({ register: registry, labels: { process: process_ } });
  return registry;
}
