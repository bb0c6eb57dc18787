import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FieldValue } from "../../contracts/recipes";
import type { StageKind } from "../../contracts/statuses";
import { createDataSet, exportDataSet } from "../../datasets";
import { deleteRun } from "../../runs";
import { type AttemptNode, startAttemptNode, type TestWorker } from "../../testing/attempt-node";
import { sshdUnavailable } from "../../testing/sshd";
import { removeDueFiles } from "./remove-due-files";

/** Finds its rows as the application does: from where the module lies that was imported, by name alone. */
const WHERE = `import os
HERE = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
`;
const READ = `python3 -c 'from dschat.utils.data.where import HERE
for part in ("train", "eval"):
    print(open(HERE + "/data/" + part + ".json").read(), end="")'`;
/** Goes on once both have begun, so that both have their rows in place at the same time. */
const MEET =
  'mkdir -p "$HOME/meet"; : >"$HOME/meet/$MASTER_PORT"; while [ "$(ls "$HOME/meet" | wc -l)" -lt 2 ]; do sleep 0.05; done';

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
const rowsOf = (word: string, count = 60, rejected: string | null = "no") =>
  Array.from({ length: count }, (_, i) => ({
    prompt: `Human: ${word} ${i} Assistant:`,
    chosen: `yes ${i}`,
    ...(rejected === null ? {} : { rejected: `${rejected} ${i}` }),
  }));

describe.skipIf(sshdUnavailable !== null)("rows of a run on a real sshd", () => {
  let node: AttemptNode;
  let worker: TestWorker;
  let application: string;
  beforeAll(async () => {
    node = await startAttemptNode({ gpuCount: 2 });
    worker = await node.worker();
    application = join(node.facts.homeDirectory, "DeepSpeedExamples/applications/DeepSpeed-Chat");
    mkdirSync(join(application, "dschat/utils/data"), { recursive: true });
    writeFileSync(join(application, "dschat/utils/data/where.py"), WHERE);
  });
  afterAll(() => node.stop());

  /** @returns its reference, and both parts as one text */
  async function uploaded(
    name: string,
    rows: readonly object[],
  ): Promise<{ reference: string; text: string }> {
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    const input = { name, fileName: "rows.jsonl", bytes: bytesOf(lines) };
    const { id, versions } = await createDataSet({ ctx: node.ctx, input });
    let text = "";
    for (const part of ["train", "eval"] as const) {
      const { bytes } = await exportDataSet({ ctx: node.ctx, input: { id, part } });
      for await (const chunk of bytes) text += chunk.toString("utf8");
    }
    return { reference: versions[0]?.reference ?? "", text };
  }
  const start = (program: string, kind: StageKind, fields: Record<string, FieldValue>) =>
    node.startRun(`${program}; eval "$SAVE"`, { kind, fields });
  const ends = (...runs: { runId: string }[]) =>
    worker.until(async () => {
      const attempts = await Promise.all(runs.map(({ runId }) => node.attempts(runId)));
      return attempts.every((each) => each.at(-1)?.endedAt != null);
    }, "the end of every attempt");
  const logOf = async ({ runId }: { runId: string }) =>
    (await node.storedLog((await node.attempt(runId)).id)).toString();
  const argvOf = async ({ runId }: { runId: string }) => {
    const { command } = await node.attempt(runId);
    return (command as { argv: string[] }).argv.join(" ");
  };

  it("two runs at once with different files on one node each read their own", async () => {
    const [one, other] = [
      await uploaded("one", rowsOf("one 你好")),
      await uploaded("other", rowsOf("other")),
    ];
    const first = await start(`${MEET}; ${READ}`, "sft", { data_path: [one.reference] });
    const second = await start(`${MEET}; ${READ}`, "reward", { data_path: [other.reference] });
    await ends(first, second);
    expect(await logOf(first)).toBe(one.text);
    expect(await logOf(second)).toBe(other.text);
    const [firstArgv, secondArgv] = [await argvOf(first), await argvOf(second)];
    expect(firstArgv).toContain("--data_path local/jsonfile");
    const cache = (argv: string) => /--data_output_path (\S+)/.exec(argv)?.[1] ?? "";
    expect(cache(firstArgv)).toContain(first.runId);
    expect(cache(firstArgv)).not.toBe(cache(secondArgv));
    // Nothing was written where the checkout would look for it.
    expect(readdirSync(application).sort()).toEqual(["dschat", "training"]);
  });

  it("single answers go to --sft_only_data_path, and alone they are all there is", async () => {
    const { reference, text } = await uploaded("single", rowsOf("single", 60, null));
    const run = await start(READ, "sft", { data_path: [reference] });
    await ends(run);
    expect(await logOf(run)).toBe(text);
    expect(await argvOf(run)).toMatch(
      /--data_path local\/jsonfile --sft_only_data_path local\/jsonfile .*--data_split 0,5,5|--data_path local\/jsonfile --data_split 0,5,5 .*--sft_only_data_path local\/jsonfile/,
    );
  });

  it("a folder of the node is read where it is", async () => {
    const folder = join(node.facts.homeDirectory, "my rows");
    mkdirSync(folder);
    writeFileSync(join(folder, "train.json"), '{"prompt": "train"}\n');
    const lacking = await start(READ, "sft", { data_path: ["~/my rows"] });
    await ends(lacking);
    expect((await node.attempt(lacking.runId)).reason).toMatch(/my rows has no readable eval\.json/);
    writeFileSync(join(folder, "eval.json"), '{"prompt": "eval"}\n');
    const run = await start(READ, "sft", { data_path: ["~/my rows/"] });
    await ends(run);
    expect(await logOf(run)).toBe('{"prompt": "train"}\n{"prompt": "eval"}\n');
  });

  it("a copy that a cut link interrupts is whole in the end, and readable by its owner alone", async () => {
    const rows = rowsOf("large", 6000).map((row) => ({
      ...row,
      chosen: `${row.chosen} ${"x".repeat(1500)}`,
    }));
    const { reference, text } = await uploaded("large", rows);
    await worker.round();
    const run = await start(READ, "sft", { data_path: [reference] });
    node.proxy.cutAfter(3_000_000);
    await ends(run);
    const { status, outputDirectory } = await node.attempt(run.runId);
    expect(status).toBe("succeeded");
    const data = join(node.facts.workDirectory, "data", run.runId);
    const rowsFolder = join(data, readdirSync(data)[0] ?? "", "application/data");
    const read = (part: string) => readFileSync(join(rowsFolder, `${part}.json`), "utf8");
    expect(read("train") + read("eval") === text).toBe(true);
    expect(statSync(join(rowsFolder, "train.json")).mode & 0o777).toBe(0o600);
    // They go with the run's data, and the checkout stays.
    await deleteRun({ ctx: node.ctx, input: { id: run.runId, nodeFiles: "logs" } });
    await removeDueFiles({ ctx: node.ctx, lease: await worker.lease(), connection: await worker.connect() });
    expect(readdirSync(join(node.facts.workDirectory, "data"))).not.toContain(run.runId);
    expect(readdirSync(join(application, "dschat/utils/data"))).toContain("where.py");
    expect(outputDirectory).toContain(run.runId);
  });

  it("of a data set that was deleted since says so in the attempt's reason", async () => {
    const run = await start(READ, "sft", { data_path: ["dataset:gone@0123456789ab"] });
    await ends(run);
    expect((await node.attempt(run.runId)).reason).toMatch(/The data set gone@0123456789ab was deleted/);
  });
});
