import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "../../../server/testing/processes";
import { lookAt, type Viewer } from "./look-at";
import type { OwnPostgres } from "./own-postgres";
import type { Random } from "./random";
import type { TrainingFiles } from "./training-files";
import type { WorkerYard, YardWorker } from "./worker-yard";

const NAMES = ["one", "two"] as const;
/** A healthy link needs none of this: rounds come every 250 ms. */
const ASK_AFTER_MS = 1_000;
const ASK_AGAIN_MS = 4_000;
type Name = (typeof NAMES)[number];

/** Everything that a fault can break. */
export interface StormTarget {
  yard: WorkerYard;
  postgres: OwnPostgres;
  files: TrainingFiles;
  database: string;
  runId: string;
  attemptId: string;
}

/** Two workers over one node, and what breaks under them. */
export class Storm {
  private readonly thrown = new Map<string, number>();
  /** Workers that ended without being killed. */
  private deserters = 0;
  private readonly target: StormTarget;
  private readonly random: Random;
  private readonly workers = new Map<Name, YardWorker>();
  private readonly deck: Fault[] = [];
  private readonly viewers = new Map<Name, Viewer>();

  constructor(target: StormTarget, random: Random) {
    this.target = target;
    this.random = random;
  }

  async begin(): Promise<void> {
    for (const name of NAMES) await this.startWorker(name);
    const { yard, runId } = this.target;
    for (const name of NAMES) this.viewers.set(name, lookAt(yard.dataDirectory(name), `run:${runId}`));
  }

  end(): void {
    for (const viewer of this.viewers.values()) viewer.close();
  }

  /** How often each fault was thrown. */
  thrownText(): string {
    return [...this.thrown].map(([name, count]) => `${name} ${count}`).join(", ");
  }

  problems(): string[] {
    return this.deserters === 0 ? [] : [`${this.deserters} workers ended by themselves`];
  }

  /** What the supervisor would do goes on until the attempt has ended. */
  async untilEnded(): Promise<void> {
    const { yard, runId } = this.target;
    let askAt = 0;
    await waitUntil(
      async () => {
        await this.replaceDeserters();
        if (performance.now() > askAt) {
          askAt = performance.now() + ASK_AGAIN_MS;
          await this.askForLogin();
        }
        return (await lasting(() => yard.node.attempt(runId))).endedAt !== null;
      },
      "the end of the attempt",
      120_000,
    );
  }

  /** One fault, thrown while bytes are on their way; over when what was stopped runs again. */
  async throwOne(): Promise<void> {
    const name = this.draw();
    this.thrown.set(name, (this.thrown.get(name) ?? 0) + 1);
    await this.whenBytesPass(this.random.int(1, 150_000));
    await this[name]();
    await this.goesOn();
  }

  /** Every fault once before one comes again. */
  private draw(): Fault {
    if (this.deck.length === 0) this.deck.push(...FAULTS);
    const [name = "cut"] = this.deck.splice(this.random.int(0, this.deck.length - 1), 1);
    return name;
  }

  /** What is stored of all files so far, over all generations. */
  async storedBytes(): Promise<number> {
    const { yard, attemptId } = this.target;
    const { rows } = await lasting(() =>
      yard.node.db.pool.query<{ bytes: string }>(
        'SELECT coalesce(sum("offset"), 0) AS bytes FROM node_file WHERE "attemptId" = $1',
        [attemptId],
      ),
    );
    return Number(rows[0]?.bytes);
  }

  async cutAfterAnyByte(): Promise<void> {
    const { proxy } = this.target.yard.node;
    proxy.cutAfter(this.random.int(1, 50_000));
    await delay(200);
  }

  async cut(): Promise<void> {
    this.target.yard.node.proxy.cutNow();
  }

  async stall(): Promise<void> {
    const { proxy } = this.target.yard.node;
    proxy.stall();
    await delay(this.random.int(100, 2_500));
    proxy.resume();
  }

  async refuse(): Promise<void> {
    const { proxy } = this.target.yard.node;
    proxy.setRefusing(true);
    proxy.cutNow();
    await delay(this.random.int(100, 1_500));
    proxy.setRefusing(false);
  }

  async killSshSessions(): Promise<void> {
    await this.target.yard.node.sshd.killSessions();
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

  /** Frozen until the other one has its node. The 20 s of the lease are not waited for: its end is moved up. */
  async freezeWorkerPastItsLease(): Promise<void> {
    const { yard } = this.target;
    const frozen = this.workers.get(await this.activeName());
    frozen?.signal("SIGSTOP");
    await lasting(() =>
      yard.node.db.pool.query("UPDATE node_lease SET until = clock_timestamp() - interval '1 second'"),
    );
    await waitUntil(async () => {
      const holder = await yard.holder().catch(() => null);
      return holder !== null && holder.pid !== frozen?.pid;
    }, "the other worker to take the node");
    frozen?.signal("SIGCONT");
  }

  async terminateConnections(): Promise<void> {
    const { postgres, database } = this.target;
    await lasting(() => postgres.terminateConnections(database));
  }

  async killBackend(): Promise<void> {
    const { postgres, database } = this.target;
    await lasting(() => postgres.killBackend(database));
  }

  async killPostgres(): Promise<void> {
    const pauseMs = this.random.int(0, 2_000);
    const { postgres } = this.target;
    await lasting(() => postgres.kill());
    await delay(pauseMs);
    await postgres.start();
  }

  async rotateLog(): Promise<void> {
    await this.whenLog(
      ({ offset }) => offset > 0,
      () => this.target.files.rotate(),
    );
  }

  async truncateLog(): Promise<void> {
    await this.whenRead(() => this.target.files.truncate());
  }

  async rewriteLog(): Promise<void> {
    await this.whenRead(() => this.target.files.rewrite());
  }

  /** Nothing is written until all of the log is stored and this is done. */
  private async whenRead(act: () => void): Promise<void> {
    const { files } = this.target;
    files.pause();
    await this.whenLog(({ offset }) => offset === files.size(), act);
    files.resume();
  }

  /** Once what is stored of the newest generation is so. What is emptied before it was read, nobody can read any more. */
  private async whenLog(isSo: (newest: { offset: number }) => boolean, act: () => void): Promise<void> {
    const { files, yard, attemptId } = this.target;
    await waitUntil(
      async () => {
        await this.replaceDeserters();
        const { rows } = await lasting(() =>
          yard.node.db.pool.query<{ offset: number }>(
            `SELECT "offset"::float8 AS offset FROM node_file WHERE "attemptId" = $1 AND path = 'training.log'
             ORDER BY generation DESC`,
            [attemptId],
          ),
        );
        const [newest] = rows;
        return newest !== undefined && rows.length === files.generations.length && isSo(newest);
      },
      "the log to be read",
      90_000,
    );
    act();
  }

  private async whenBytesPass(bytes: number): Promise<void> {
    const { proxy } = this.target.yard.node;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 1_000);
      proxy.afterBytes(bytes, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Until something new is stored. A login that is put off is asked for: a night is short. */
  private async goesOn(): Promise<void> {
    const before = await this.storedBytes();
    let askAt = performance.now() + ASK_AFTER_MS;
    await waitUntil(
      async () => {
        await this.replaceDeserters();
        if (performance.now() > askAt) {
          askAt = performance.now() + ASK_AGAIN_MS;
          await this.askForLogin();
        }
        return (await this.storedBytes()) > before;
      },
      "something new to be stored",
      120_000,
    );
  }

  /** As after an edit of the node, which ends a connection and the wait for the next one. */
  private async askForLogin(): Promise<void> {
    const { nodeId, db } = this.target.yard.node;
    await lasting(() =>
      db.pool.query('UPDATE node SET "connectionVersion" = "connectionVersion" + 1 WHERE id = $1', [nodeId]),
    );
    for (const viewer of this.viewers.values()) viewer.wake(nodeId);
  }

  private async activeName(): Promise<Name> {
    const holder = await this.target.yard.holder().catch(() => null);
    return NAMES.find((name) => this.workers.get(name) === holder) ?? "one";
  }

  private async startWorker(name: Name): Promise<void> {
    this.workers.set(name, await lasting(() => this.target.yard.start(name)));
  }

  /** What the supervisor does about a worker that ended. */
  private async replaceDeserters(): Promise<void> {
    for (const [name, worker] of this.workers) {
      if (worker.hasEnded()) {
        this.deserters += 1;
        await this.startWorker(name);
      }
    }
  }
}

const FAULTS = [
  "cutAfterAnyByte",
  "cutAfterAnyByte",
  "cut",
  "stall",
  "refuse",
  "killSshSessions",
  "killWorker",
  "killWorker",
  "freezeWorker",
  "freezeWorkerPastItsLease",
  "terminateConnections",
  "killBackend",
  "killPostgres",
  "rotateLog",
  "truncateLog",
  "rewriteLog",
] as const;
type Fault = (typeof FAULTS)[number];

/** A question to a database that comes and goes. @throws the last error after 30 s */
async function lasting<T>(ask: () => Promise<T>): Promise<T> {
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
