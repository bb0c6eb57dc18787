import type pg from "pg";
import { Gauge, type Registry } from "prom-client";
import { NODE_STATUSES, STATUSES } from "../../contracts/statuses";
import { LEASE_SECONDS } from "../../nodes/lease";

/** Bytes and seconds of one node that its open attempts wait for; `leaseAge` is null where nobody holds the lease. */
interface NodeFigures {
  id: string;
  name: string;
  status: string;
  lagBytes: string;
  lagSeconds: number;
  leaseAge: number | null;
}

// Seconds behind: since the last contact while anything is open there, or since the oldest file that has bytes waiting moved.
const NODES = `SELECT n.id, n.name, n.status,
    coalesce(open."lagBytes", 0)::text AS "lagBytes",
    coalesce(greatest(0, CASE WHEN open."nodeId" IS NULL THEN 0 ELSE
      extract(epoch FROM clock_timestamp() - least(coalesce(n."lastContactAt", open."createdAt"), open."waitingSince"))
    END), 0)::float8 AS "lagSeconds",
    CASE WHEN l.until > clock_timestamp()
      THEN greatest(0, $1 - extract(epoch FROM l.until - clock_timestamp()))::float8 END AS "leaseAge"
  FROM node n
  LEFT JOIN node_lease l ON l.node_id = n.id
  LEFT JOIN (
    SELECT p."nodeId", min(a."createdAt") AS "createdAt",
      sum(greatest(0, f.size - f."offset")) AS "lagBytes",
      min(f."updatedAt") FILTER (WHERE f.size > f."offset") AS "waitingSince"
    FROM attempt a
    JOIN (SELECT DISTINCT "attemptId", "nodeId" FROM placement) p ON p."attemptId" = a.id
    LEFT JOIN node_file f ON f."attemptId" = a.id AND NOT f."isComplete"
      AND f.generation = (SELECT max(g.generation) FROM node_file g WHERE g."attemptId" = f."attemptId" AND g.path = f.path)
    WHERE a.status IN ('starting', 'running', 'stopping')
    GROUP BY p."nodeId") open ON open."nodeId" = n.id
  WHERE n."removedAt" IS NULL`;

/** What any web process can tell from Postgres alone, about all workers and nodes. */
export class DatabaseFigures {
  private readonly attempts: Gauge;
  private readonly nodes: Gauge;
  private readonly lagBytes: Gauge;
  private readonly lagSeconds: Gauge;
  private readonly leaseAge: Gauge;
  private readonly leaseHeld: Gauge;
  private readonly isUp: Gauge;
  private readonly pool: pg.Pool;

  constructor(pool: pg.Pool, registry: Registry) {
    this.pool = pool;
    const gauge = (name: string, help: string, labelNames: string[]) =>
      new Gauge({ name: `trainyard_${name}`, help, labelNames, registers: [registry] });
    const node = ["node", "node_id"];
    this.isUp = gauge("database_up", "1 while PostgreSQL answers.", []);
    this.attempts = gauge("attempts", "Attempts by status.", ["status"]);
    this.nodes = gauge("nodes", "Nodes by the status of their link.", ["status"]);
    this.lagBytes = gauge("ingest_lag_bytes", "Bytes seen in files of open attempts, not stored yet.", node);
    this.lagSeconds = gauge("ingest_lag_seconds", "How far behind the node what is stored may be.", node);
    this.leaseAge = gauge("lease_age_seconds", "Since a worker renewed the node's lease.", node);
    this.leaseHeld = gauge("lease_held", "1 while a worker holds the node's lease.", node);
  }

  /** @throws Error when Postgres does not answer; the figures are gone then, and not old ones */
  async refresh(): Promise<void> {
    for (const gauge of [this.attempts, this.nodes, this.lagBytes, this.lagSeconds]) gauge.reset();
    for (const gauge of [this.leaseAge, this.leaseHeld]) gauge.reset();
    this.isUp.set(0);
    const [attempts, nodes] = await Promise.all([
      this.pool.query<{ status: string; count: number }>(
        "SELECT status, count(*)::int AS count FROM attempt GROUP BY status",
      ),
      this.pool.query<NodeFigures>(NODES, [LEASE_SECONDS]),
    ]);
    this.isUp.set(1);
    for (const status of STATUSES) this.attempts.set({ status }, 0);
    for (const { status, count } of attempts.rows) this.attempts.set({ status }, count);
    for (const status of NODE_STATUSES) this.nodes.set({ status }, 0);
    for (const row of nodes.rows) this.setNode(row);
  }

  private setNode({ id, name, status, lagBytes, lagSeconds, leaseAge }: NodeFigures): void {
    const labels = { node: name, node_id: id };
    this.nodes.inc({ status });
    this.lagBytes.set(labels, Number(lagBytes));
    this.lagSeconds.set(labels, lagSeconds);
    this.leaseHeld.set(labels, leaseAge === null ? 0 : 1);
    if (leaseAge !== null) this.leaseAge.set(labels, leaseAge);
  }
}
