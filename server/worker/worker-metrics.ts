import { Counter, type Registry } from "prom-client";
import { createRegistry } from "../process-metrics";

/** Figures that only this worker process knows; a web process asks for them over the internal link. */
export class WorkerMetrics {
  private readonly registry: Registry;
  private readonly logins: Counter;
  private readonly reconnects: Counter;
  private readonly connectedBefore = new Set<string>();

  /** `owner`: the name of its leases, whose last part no other process ever has. */
  constructor(owner: string) {
    this.registry = createRegistry("worker", { worker: owner.split("/").at(-1) ?? owner });
    const registers = [this.registry];
    this.logins = new Counter({
      name: "trainyard_ssh_logins_total",
      help: "Connections to nodes that were tried, by outcome: ok, or the error's code.",
      labelNames: ["node_id", "outcome"],
      registers,
    });
    this.reconnects = new Counter({
      name: "trainyard_ssh_reconnects_total",
      help: "Connections to nodes that replaced an earlier one of this worker.",
      labelNames: ["node_id"],
      registers,
    });
  }

  /** `outcome`: ok, or the code of the error. */
  countLogin(nodeId: string, outcome: string): void {
    this.logins.inc({ node_id: nodeId, outcome });
    if (outcome !== "ok") return;
    this.reconnects.inc({ node_id: nodeId }, this.connectedBefore.has(nodeId) ? 1 : 0);
    this.connectedBefore.add(nodeId);
  }

  /** In Prometheus' exposition format. */
  read(): Promise<string> {
    return this.registry.metrics();
  }
}
