import { waitUntil } from "../../../server/testing/processes";
import { Breakage, type BreakageTarget, Deck, lasting, NAMES, type Name } from "./breakage";
import { lookAt, type Viewer } from "./look-at";
import type { Random } from "./random";
import type { TrainingFiles } from "./training-files";

/** A healthy link needs none of this: rounds come every 250 ms. */
const ASK_AFTER_MS = 1_000;
const ASK_AGAIN_MS = 4_000;

/** Everything that a fault can break. */
export interface StormTarget extends BreakageTarget {
  files: TrainingFiles;
  runId: string;
  attemptId: string;
}

/** Two workers over one node, and what breaks under them. */
export class Storm extends Breakage {
  private readonly deck: Deck<Fault>;
  private readonly storm: StormTarget;
  private readonly viewers = new Map<Name, Viewer>();

  constructor(target: StormTarget, random: Random) {
    super(target, random);
    this.storm = target;
    this.deck = new Deck(FAULTS, random);
  }

  override async begin(): Promise<void> {
    await super.begin();
    const { yard, runId } = this.storm;
    for (const name of NAMES) this.viewers.set(name, lookAt(yard.dataDirectory(name), `run:${runId}`));
  }

  end(): void {
    for (const viewer of this.viewers.values()) viewer.close();
  }

  thrownText(): string {
    return this.deck.text();
  }

  /** What the supervisor would do goes on until the attempt has ended. */
  async untilEnded(): Promise<void> {
    const { yard, runId } = this.storm;
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
    const name = this.deck.draw();
    await this.whenBytesPass(this.random.int(1, 150_000));
    await this[name]();
    await this.goesOn();
  }

  /** What is stored of all files so far, over all generations. */
  async storedBytes(): Promise<number> {
    const { yard, attemptId } = this.storm;
    const { rows } = await lasting(() =>
      yard.node.db.pool.query<{ bytes: string }>(
        'SELECT coalesce(sum("offset"), 0) AS bytes FROM node_file WHERE "attemptId" = $1',
        [attemptId],
      ),
    );
    return Number(rows[0]?.bytes);
  }

  async rotateLog(): Promise<void> {
    await this.whenLog(
      ({ offset }) => offset > 0,
      () => this.storm.files.rotate(),
    );
  }

  async truncateLog(): Promise<void> {
    await this.whenRead(() => this.storm.files.truncate());
  }

  async rewriteLog(): Promise<void> {
    await this.whenRead(() => this.storm.files.rewrite());
  }

  /** Nothing is written until all of the log is stored and this is done. */
  private async whenRead(act: () => void): Promise<void> {
    const { files } = this.storm;
    files.pause();
    await this.whenLog(({ offset }) => offset === files.size(), act);
    files.resume();
  }

  /** Once what is stored of the newest generation is so. What is emptied before it was read, nobody can read any more. */
  private async whenLog(isSo: (newest: { offset: number }) => boolean, act: () => void): Promise<void> {
    const { files, yard, attemptId } = this.storm;
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
    const { proxy } = this.storm.yard.node;
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
    const { nodeId, db } = this.storm.yard.node;
    await lasting(() =>
      db.pool.query('UPDATE node SET "connectionVersion" = "connectionVersion" + 1 WHERE id = $1', [nodeId]),
    );
    for (const viewer of this.viewers.values()) viewer.wake(nodeId);
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
