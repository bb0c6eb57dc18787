import { expect, it } from "vitest";
import type { NodePlace } from "../contracts/node-checks";
import {
  ABSENT,
  foundModel,
  hubAnswer,
  nodeAnswer,
  nodeCheckFacts,
  nodePlace,
  opt13b,
} from "../testing/node-check-facts";
import { checkDisk } from "./check-disk";
import type { NodeCheckFacts } from "./facts";

const GIB = 1024 * 1024;
const UNKNOWN = { sft: null, reward: null, ppo: null };

function places(workGiB: number | null, hub: Partial<NodePlace> = {}): NodePlace[] {
  const freeKiB = workGiB === null ? null : workGiB * GIB;
  return [
    nodePlace({ freeKiB }),
    nodePlace({ role: "hub", path: "/hf/hub", nearest: "/hf", freeKiB, ...hub }),
  ];
}
function check(answer: Parameters<typeof nodeAnswer>[0], changes: Partial<NodeCheckFacts> = {}) {
  return checkDisk(nodeCheckFacts({ answers: [nodeAnswer(answer)], ...changes }));
}
const lines = (...parameters: Parameters<typeof check>) =>
  check(...parameters).findings.map(
    ({ severity, id, path, message }) => `${severity} ${id} ${path}: ${message}`,
  );
const WRITES = "The run writes 10 GiB of checkpoints (SFT 2.5 GiB, reward model 2.5 GiB, PPO 5.0 GiB)";

it.each<[number | null, string | null]>([
  [9.9, "error"],
  [10, "warning"],
  [14.9, "warning"],
  [15, null],
  [null, null],
])("10 GiB of checkpoints on a disk with %s GiB: %s", (free, severity) => {
  expect(check({ places: places(free) }).findings.map((finding) => finding.severity)).toEqual(
    severity === null ? [] : [severity],
  );
});

it("says what is written, what is free, and what to do", () => {
  const [error] = lines({ places: places(9) });
  expect(error).toBe(
    `error disk-space nodeId: ${WRITES}; the disk of /home/ada/.trainyard on gpu-1 has 9.0 GiB of 900 GiB free, so it cannot end. Free space, or name a work directory on a larger disk in the node's settings.`,
  );
  expect(lines({ places: places(12) })[0]).toContain("which leaves 2.0 GiB for logs and prepared data");
  expect(check({ places: places(100) }).checked).toEqual([
    `${WRITES}; the disk of /home/ada/.trainyard on gpu-1 has 100 GiB of 900 GiB free.`,
  ]);
});

it("adds what has to be downloaded, where that goes to the same disk", () => {
  const answer = { models: [foundModel(ABSENT)], hub: [hubAnswer({ bytes: 3 * 2 ** 30 })] };
  const same = check({ ...answer, places: places(12) });
  expect(same.findings[0]?.message).toContain(
    `${WRITES} and 3.0 GiB of facebook/opt-1.3b in the Hugging Face cache; the disk of /home/ada/.trainyard`,
  );
  const other = check({ ...answer, places: places(20, { mount: "/hf", freeKiB: 2 * GIB }) });
  expect(other.findings.map(({ severity, message }) => [severity, message.slice(0, 70)])).toEqual([
    ["error", "The run writes 3.0 GiB of facebook/opt-1.3b in the Hugging Face cache;"],
  ]);
  expect(
    check({ ...answer, isOffline: true, places: places(20, { mount: "/hf", freeKiB: 0 }) }).findings,
  ).toEqual([]);
});

it("takes a model whose name tells no size for as large as its weights", () => {
  const parameters = opt13b({ model_name_or_path: "/models/mine" });
  const model = foundModel({ name: "/models/mine", kind: "path", weightsKiB: 4 * GIB });
  const answer = { models: [model], places: places(15) };
  expect(lines(answer, { parameters, checkpointBytes: UNKNOWN })[0]).toContain(
    "16 GiB of checkpoints (SFT 4.0 GiB, reward model 4.0 GiB, PPO 8.0 GiB)",
  );
});

it("wants a little room where nothing tells the size, less on the practice node", () => {
  const answer = { models: [], places: places(0.2) };
  expect(lines(answer, { checkpointBytes: UNKNOWN })[0]).toContain(
    "error disk-space nodeId: The run writes at least 1.0 GiB",
  );
  const practice = (freeGiB: number) => {
    const { node } = nodeCheckFacts();
    const answers = [nodeAnswer({ models: [], places: places(freeGiB) })];
    const facts = nodeCheckFacts({ node: { ...node, isPractice: true }, checkpointBytes: UNKNOWN, answers });
    return checkDisk(facts).findings.map(({ severity }) => severity);
  };
  expect([practice(0.01), practice(0.2), practice(0.5)]).toEqual([["error"], ["warning"], []]);
});

it("refuses a directory that may not be written to, unless it is only read", () => {
  const closed = (role: NodePlace["role"]) => [
    nodePlace({ role, path: "/data/x", nearest: "/data", isWritable: false }),
  ];
  expect(lines({ places: closed("work") })).toEqual([
    "error directory-writable nodeId: ada may not write to /data on gpu-1, where the run writes its checkpoints and logs (/data/x). Give the right, or name another directory in the node's settings.",
  ]);
  expect(lines({ places: closed("hub") })).toEqual([]);
  expect(lines({ places: closed("hub"), models: [foundModel(ABSENT)] })[0]).toContain(
    "models and data sets are downloaded to",
  );
});

it("names the variable of the stage that chose such a directory", () => {
  const place = nodePlace({ role: "TMPDIR", path: "/scratch", nearest: "/", isWritable: false });
  const parameters = opt13b({}, { TMPDIR: "/scratch" });
  const { findings } = check({ places: [place] }, { parameters });
  expect(findings.map(({ path }) => path)).toEqual(["stages.sft.env.TMPDIR"]);
});
