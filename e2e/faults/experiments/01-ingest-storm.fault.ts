import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { listLogFiles, streamLog } from "../../../server/logs";
import { waitUntil } from "../../../server/testing/processes";
import { sshdUnavailable } from "../../../server/testing/sshd";
import { compareBytes, compareScalars, type Difference, type StoredScalar } from "../lab/compare";
import { startOwnPostgres } from "../lab/own-postgres";
import { keeps } from "../lab/promise";
import { seededRandom } from "../lab/random";
import { sized } from "../lab/settings";
import { Storm } from "../lab/storm";
import { makeScalars, TAG_COUNT, TrainingFiles } from "../lab/training-files";
import { startWorkerYard, type WorkerYard } from "../lab/worker-yard";

const FAULTS = sized({ short: 20, long: 500 });
const RECORDS = sized({ short: 3_000, long: 50_000 });
const ENOUGH = `while [ ! -e "$OUTPUT/enough" ]; do sleep 0.2; done; eval "$SAVE"`;

interface StormResult {
  faults: number;
  generations: number;
  bytes: number;
  log: Difference;
  scalars: Difference;
  /** Not the one success that it is. */
  problems: string[];
}

let storm: Promise<StormResult> | null = null;
const timeoutMs = sized({ short: 240_000, long: 4 * 3_600_000 });

keeps(
  {
    row: 1,
    promise: `log bytes lost or doubled over ${FAULTS} random faults, SHA-256 of what is stored against the node's files`,
    bar: "0",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs,
  },
  async () => {
    storm ??= runStorm();
    const { faults, generations, bytes, log, problems } = await storm;
    const rest = problems.length === 0 ? "" : `; ${problems.join("; ")}`;
    return {
      figure: `${log.lost} lost, ${log.tooMany} doubled of ${bytes} bytes in ${generations} generations, ${faults} faults${rest}`,
      isKept: log.lost === 0 && log.tooMany === 0 && problems.length === 0,
    };
  },
);

keeps(
  {
    row: 2,
    promise: `scalars lost or doubled in the same storm, ${RECORDS} records, ${TAG_COUNT} tags`,
    bar: "0",
    kind: "count",
    unavailable: sshdUnavailable,
    timeoutMs,
  },
  async () => {
    storm ??= runStorm();
    const { faults, scalars } = await storm;
    return {
      figure: `${scalars.lost} lost, ${scalars.tooMany} doubled of ${RECORDS}, ${faults} faults`,
      isKept: scalars.lost === 0 && scalars.tooMany === 0,
    };
  },
);

async function runStorm(): Promise<StormResult> {
  const postgres = await startOwnPostgres();
  const yard = await startWorkerYard();
  try {
    const { node } = yard;
    const { runId } = await node.startRun(ENOUGH);
    const written = makeScalars(RECORDS, seededRandom("storm scalars"));
    const first = await yard.start("first");
    await waitUntil(
      async () => (await node.attempts(runId))[0]?.status === "running",
      "the training",
      60_000,
    );
    await yard.kill(first);
    const attempt = await node.attempt(runId);
    const { eventDirectories } = attempt.command as { eventDirectories: string[] };
    const files = new TrainingFiles(
      join(attempt.directory ?? "", "training.log"),
      {
        path: join(eventDirectories[0] ?? "", "events.out.tfevents.1700000000.node.1.0"),
        bytes: written.file,
      },
      seededRandom("storm files"),
    );
    const storm = new Storm(
      { yard, postgres, files, runId, attemptId: attempt.id },
      seededRandom("storm faults"),
    );
    await storm.begin();
    files.start(Math.ceil(written.file.length / FAULTS / 20));
    for (let n = 0; n < FAULTS; n += 1) await storm.throwOne();
    await files.finish();
    writeFileSync(join(attempt.outputDirectory ?? "", "enough"), "");
    await storm.untilEnded();
    storm.end();
    console.log(`faults: ${storm.thrownText()}`);
    return {
      faults: FAULTS,
      ...(await compareLog(yard, attempt.id, files)),
      scalars: compareScalars(written.scalars, await storedScalars(yard, attempt.id)),
      problems: [...(await endOf(yard, runId)), ...storm.problems()],
    };
  } finally {
    await yard.stop();
    await postgres.stop();
  }
}

/** What a download gives, generation by generation, against the files on the node. */
async function compareLog(
  { node }: WorkerYard,
  attemptId: string,
  files: TrainingFiles,
): Promise<Pick<StormResult, "generations" | "bytes" | "log">> {
  const { ctx } = node;
  const stored = (await listLogFiles({ ctx, input: { attemptId } })).filter(({ kind }) => kind === "log");
  const log = { lost: 0, tooMany: 0 };
  let bytes = 0;
  for (let generation = 0; generation < Math.max(stored.length, files.generations.length); generation += 1) {
    const written = generation < files.generations.length ? files.written(generation) : Buffer.alloc(0);
    const found: Buffer[] = [];
    if (generation < stored.length) {
      const stream = await streamLog({ ctx, input: { attemptId, generation } });
      for await (const part of stream.bytes) found.push(part);
    }
    const difference = compareBytes(written, Buffer.concat(found));
    log.lost += difference.lost;
    log.tooMany += difference.tooMany;
    bytes += written.length;
  }
  return { generations: files.generations.length, bytes, log };
}

async function storedScalars({ node }: WorkerYard, attemptId: string): Promise<StoredScalar[]> {
  const { rows } = await node.db.pool.query<StoredScalar>(
    `SELECT t.source_tag AS tag, s.step::float8 AS step, s.value FROM scalar s JOIN scalar_tag t ON t.id = s.tag_id
     WHERE t.attempt_id = $1 AND t.source = 'events'`,
    [attemptId],
  );
  return rows;
}

/** The training was started once and succeeded, whatever happened around it. */
async function endOf({ node }: WorkerYard, runId: string): Promise<string[]> {
  const attempts = await node.attempts(runId);
  const statuses = attempts.map(({ status }) => status).join(", ");
  return statuses === "succeeded" ? [] : [`the attempts are: ${statuses}`];
}
