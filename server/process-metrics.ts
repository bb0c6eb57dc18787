import { collectDefaultMetrics, Registry } from "prom-client";

/**
 * A process's own figures: event-loop lag, memory, processor time, garbage collection, open files. The label `process`
 * tells web and worker apart where both are read at one place.
 */
export function createRegistry(process_: "web" | "worker"): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, labels: { process: process_ } });
  return registry;
}
