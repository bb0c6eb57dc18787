import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RawPart, RawPreview } from "../contracts/data-previews";
import type { WorkerLink } from "../contracts/link";
import type { NodeAnswer } from "../contracts/node-checks";
import type { Database } from "../db";
import { AppError } from "../errors";
import { createRun } from "../forecasts";
import { createTestNode, runInput } from "../runs/run-fixtures";
import { createTestDatabase, testContext } from "../testing/database";
import { nodeAnswer } from "../testing/node-check-facts";
import { findBlocking } from "./find-blocking";

const ROWS = "~/rows";

let db: Database;
let ctx: ReturnType<typeof testContext>;
let nodeId: string;
/** What the node was asked for, in turn. */
let asked: { name: string; maxAgeSeconds?: number }[];
beforeEach(async () => {
  db = await createTestDatabase();
  ctx = testContext(db);
  nodeId = (await createTestNode(ctx)).nodeId;
  asked = [];
});
afterEach(() => db.close());

function rows(columns: string[]): RawPreview {
  const uses = columns.includes("rejected")
    ? { sft: true, reward: true, ppo: true }
    : { sft: true, reward: "KeyError: 'rejected'", ppo: true };
  const row = { place: "line 1", prompt: "p", chosen: "c", rejected: "r", isCut: false, uses };
  const part: RawPart = {
    ...{ part: "train", total: 9, isTotalExact: false, isShare: false, isWhole: false },
    ...{ columns, rows: [row] },
  };
  return { source: "folder", readAt: "2026-03-01T12:00:00.000Z", parts: [part], failures: [] };
}
const PAIRS = rows(["prompt", "chosen", "rejected"]);
const ANSWERS = rows(["prompt", "chosen"]);

interface Node {
  answer?: Partial<NodeAnswer> | "away" | "silent";
  /** By the age that will do. */
  preview?: (maxAgeSeconds: number) => RawPreview | "silent";
}
function portsOf({ answer = {}, preview = () => PAIRS }: Node): { link: WorkerLink } {
  const never = new Promise<never>(() => {});
  const request = async (name: string, input: { questions?: object[]; maxAgeSeconds?: number }) => {
    asked.push({ name, ...(input.maxAgeSeconds !== undefined && { maxAgeSeconds: input.maxAgeSeconds }) });
    if (name === "nodes.previewData") {
      const read = preview(input.maxAgeSeconds ?? 0);
      return read === "silent" ? never : read;
    }
    if (answer === "away") throw new AppError("NODE_UNREACHABLE", "The node is not connected.");
    if (answer === "silent") return never;
    const there = { path: ROWS, state: "there" as const, files: ["train.json", "eval.json"] };
    const whole = nodeAnswer({ folders: [there], ...answer });
    return { at: "2026-03-01T12:00:00.000Z", answers: input.questions?.map(() => whole) };
  };
  // Safe because these two are all that is asked.
  return { link: { request: request as WorkerLink["request"] } };
}
/** A run of the practice node, whose data is in a folder there, or of this name. */
function inputOf(name = ROWS) {
  const input = runInput(nodeId);
  for (const stage of Object.values(input.parameters.stages)) stage.fields.data_path = [name];
  return input;
}
const create = (node: Node, input = inputOf()) => createRun({ ctx, ports: portsOf(node), input });
const runCount = () => db.prisma.run.count();

describe("a run is refused for what its node tells", () => {
  it("of its data, at the fields that name it, and not made", async () => {
    const absent = { folders: [{ path: ROWS, state: "absent" as const, files: [] }] };
    await expect(create({ answer: absent })).rejects.toMatchObject({
      code: "VALIDATION",
      details: {
        fields: ["sft", "reward", "ppo"].map((stage) => ({
          path: `stages.${stage}.fields.data_path`,
          message: `dgx-04 has no directory ${ROWS}.`,
        })),
      },
    });
    expect(await runCount()).toBe(0);
    // Asked again before it refuses; what is not there is not read.
    expect(asked).toEqual([{ name: "nodes.checkRun", maxAgeSeconds: 60 }, { name: "nodes.checkRun" }]);
  });

  it("of its rows, where a stage lacks a column", async () => {
    await expect(create({ preview: () => ANSWERS })).rejects.toMatchObject({
      code: "VALIDATION",
      details: {
        fields: [
          {
            path: "stages.reward.fields.data_path",
            message: expect.stringContaining("have no column rejected, only prompt, chosen"),
          },
        ],
      },
    });
    expect(await runCount()).toBe(0);
  });
});

describe("a run is made", () => {
  it("when the node finds nothing, and is asked once for one key", async () => {
    const input = inputOf();
    const { id } = await create({}, input);
    expect(asked).toEqual([
      { name: "nodes.checkRun", maxAgeSeconds: 60 },
      { name: "nodes.previewData", maxAgeSeconds: 10 },
    ]);
    expect((await create({}, input)).id).toBe(id);
    expect(asked).toHaveLength(2);
  });

  it("when the node cannot be asked", async () => {
    expect((await create({ answer: "away" })).status).toBe("queued");
  });

  it("not before its settings are in order: the node is asked about nothing else", async () => {
    const input = inputOf();
    input.parameters.stages.sft.fields.data_split = "1,2";
    await expect(create({}, input)).rejects.toMatchObject({ code: "VALIDATION" });
    expect(asked).toEqual([]);
  });
});

it.each<[string, Node]>([
  ["the node", { answer: "silent" }],
  ["its reading of the rows", { preview: () => "silent" }],
])("waits for %s no longer than it is told to", async (_, node) => {
  const { parameters } = inputOf();
  const began = performance.now();
  const found = await findBlocking({
    ctx,
    ports: portsOf(node),
    input: { nodeId, parameters },
    patienceMs: 150,
  });
  expect(found).toEqual([]);
  expect(performance.now() - began).toBeLessThan(5_000);
});

it("reads a hub's rows again before it refuses a run for what they were an hour ago", async () => {
  const { parameters } = inputOf("practice/helpful");
  const preview = (maxAgeSeconds: number) => (maxAgeSeconds > 10 ? ANSWERS : PAIRS);
  expect(await findBlocking({ ctx, ports: portsOf({ preview }), input: { nodeId, parameters } })).toEqual([]);
  expect(asked.map(({ maxAgeSeconds }) => maxAgeSeconds)).toEqual([60, 3600, 10]);
  const stillBad = await findBlocking({
    ctx,
    ports: portsOf({ preview: () => ANSWERS }),
    input: { nodeId, parameters },
  });
  expect(stillBad.map(({ id, stage }) => [id, stage])).toEqual([["data-no-rejected-answers", "reward"]]);
});
