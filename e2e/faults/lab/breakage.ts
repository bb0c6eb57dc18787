import { setTimeout as delay } from "node:timers/promises";
import type { AddedNode } from "../../../server/testing/attempt-node";
import { waitUntil } from "../../../server/testing/processes";
import type { OwnPostgres } from "./own-postgres";
import type { Random } from "./random";
import type { WorkerYard, YardWorker } from "./worker-yard";

export const NAMES = ["one", "two"] as const;
export type Name = (typeof NAMES)[number];

/** Everything that a fault can break. */
export interface BreakageTarget {
  yard: WorkerYard;
  postgres: OwnPostgres;
}

/** Two workers over the nodes of a yard, and what breaks under them: each method is a fault, over when it returns. */
export class Breakage {
  protected readonly random: Random;
  private readonly target: BreakageTarget;
  private readonly workers = new Map<Name, YardWorker>();
  private readonly database: string;
  /** Workers that ended without being killed. */
  private deserters = 0;

  constructor(target: BreakageTarget, random: Random) {
    this.target = target;
    this.random = random;
    this.database = new URL(target.yard.node.db.url).pathname.slice(1);
  }

  async begin(): Promise<void> {
    await Promise.all(NAMES.map((name) => this.startWorker(name)));
  }

  problems(): string[] {
    return this.deserters === 0 ? [] : [`${this.deserters} workers ended by themselves`];
  }

  /** What the supervisor does about a worker that ended. */
  async replaceDeserters(): Promise<void> {
    for (const [name, worker] of this.workers) {
      if (worker.hasEnded()) {
        this.deserters += 1;
        await this.startWorker(name);
      }
    }
  }

  async cutAfterAnyByte(): Promise<void> {
    this.anyNode().proxy.cutAfter(this.random.int(1, 50_000));
    await delay(200);
  }

  async cut(): Promise<void> {
    this.anyNode().proxy.cutNow();
  }

  async stall(): Promise<void> {
    const { proxy } = this.anyNode();
    proxy.stall();
    await delay(this.random.int(100, 2_500));
    proxy.resume();
  }

  async refuse(): Promise<void> {
    const { proxy } = this.anyNode();
    proxy.setRefusing(true);
    proxy.cutNow();
    await delay(this.random.int(100, 1_500));
    proxy.setRefusing(false);
  }

  async killSshSessions(): Promise<void> {
    await this.anyNode().sshd.killSessions();
  }

  async killSshd(): Promise<void> {
    const { sshd } = this.anyNode();
    await sshd.killSessions();
    await sshd.restart();
  }

  async killWorker(): Promise<void> {
    const name = await this.activeName();
    const pauseMs = this.random.int(0, 500);
    const worker = this.workers.get(name);
    if (worker === undefined) return;
    this.workers.delete(name);
    await this.target.yard.kill(worker);
    await delay(pauseMs);
    await this.startWorker(name);
  }

  async freezeWorker(): Promise<void> {
    const pauseMs = this.random.int(50, 1_500);
    const worker = this.workers.get(await this.activeName());
    worker?.signal("SIGSTOP");
    await delay(pauseMs);
    worker?.signal("SIGCONT");
  }

  /** Frozen until the other one has a node of its. The 15 s of the lease are not waited for: its end is moved up. */
  async freezeWorkerPastItsLease(): Promise<void> {
    const { nodeId } = this.anyNode();
    const frozen = this.workers.get(await this.activeName(nodeId));
    if (frozen === undefined) return;
    frozen.signal("SIGSTOP");
    await this.takeAway(frozen, nodeId);
    frozen.signal("SIGCONT");
  }

  /**
   * The same in the middle of what it does, until the other may have done it too. Now and then its writes lie on the way
   * meanwhile, and reach Postgres when it wakes up.
   */
  async freezeWorkerInTheAct(): Promise<void> {
    const { nodeId } = this.anyNode();
    const frozen = this.workers.get(await this.activeName(nodeId));
    if (frozen === undefined) return;
    if (this.random.chance(0.4)) {
      frozen.database.stall();
      await delay(this.random.int(0, 500));
    }
    frozen.signal("SIGSTOP");
    await this.takeAway(frozen, nodeId);
    await delay(this.random.int(0, 4_000));
    frozen.database.resume();
    frozen.signal("SIGCONT");
  }

  /** A commit is done and its answer never comes, or half of a statement arrives. */
  async cutDatabaseAfterAnyByte(): Promise<void> {
    const worker = this.workers.get(await this.activeName());
    worker?.database.cutAfter(this.random.int(1, 5_000));
    await delay(200);
  }

  async terminateConnections(): Promise<void> {
    await lasting(() => this.target.postgres.terminateConnections(this.database));
  }

  async killBackend(): Promise<void> {
    await lasting(() => this.target.postgres.killBackend(this.database));
  }

  async killPostgres(): Promise<void> {
    const pauseMs = this.random.int(0, 2_000);
    const { postgres } = this.target;
    await lasting(() => postgres.kill());
    await delay(pauseMs);
    await postgres.start();
  }

  private anyNode(): AddedNode {
    const { nodes } = this.target.yard;
    return nodes.length === 1 ? nodes[0] : this.random.pick(nodes);
  }

  private async takeAway(frozen: YardWorker, nodeId: string): Promise<void> {
    const { yard } = this.target;
    const lapse = async (table: string, owner: string, column: string) =>
      lasting(() =>
        yard.node.db.pool.query(
          `UPDATE ${table} SET ${column} = clock_timestamp() - interval '1 minute' WHERE split_part(${owner}, '/', 3) = $1`,
          [String(frozen.pid)],
        ),
      );
    await lapse("worker", "owner", '"seenAt"');
    await lapse("node_lease", "owner", "until");
    await waitUntil(async () => {
      await this.replaceDeserters();
      const holder = await yard.holder(nodeId).catch(() => null);
      return holder !== null && holder.pid !== frozen.pid;
    }, "the other worker to take the node");
  }

  /** Whoever holds this node now, else any. */
  private async activeName(nodeId = this.anyNode().nodeId): Promise<Name> {
    const holder = await this.target.yard.holder(nodeId).catch(() => null);
    return NAMES.find((name) => this.workers.get(name) === holder) ?? "one";
  }

  private async startWorker(name: Name): Promise<void> {
    this.workers.set(name, await lasting(() => this.target.yard.start(name)));
  }
}

/** A question to a database that comes and goes. @throws the last error after 30 s */
export async function lasting<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}

/** What to throw next: each once before one comes again. */
export class Deck<Fault extends string> {
  private readonly cards: Fault[] = [];
  private readonly thrown = new Map<Fault, number>();
  private readonly faults: readonly [Fault, ...Fault[]];
  private readonly random: Random;

  constructor(faults: readonly [Fault, ...Fault[]], random: Random) {
    this.faults = faults;
    this.random = random;
  }

  draw(): Fault {
    if (this.cards.length === 0) this.cards.push(...this.faults);
    const [name = this.faults[0]] = this.cards.splice(this.random.int(0, this.cards.length - 1), 1);
    this.thrown.set(name, (this.thrown.get(name) ?? 0) + 1);
    return name;
  }

  /** How often each fault was thrown. */
  text(): string {
    return [...this.thrown].map(([name, count]) => `${name} ${count}`).join(", ");
  }
}
