import { describe, expect, it } from "vitest";
import type { FoundDataSet, HubAnswer, NodeAnswer } from "../contracts/node-checks";
import { hubAnswer, nodeAnswer, nodeCheckFacts, nodePlace, opt13b } from "../testing/node-check-facts";
import { checkData } from "./check-data";
import { checkDisk } from "./check-disk";

const NAME = "Dahoas/rm-static";
const CACHE = "/home/ada/.cache/huggingface/datasets";
const GIB = 2 ** 30;

function kept(changes: Partial<FoundDataSet> = {}): FoundDataSet {
  return { name: NAME, directory: `${CACHE}/Dahoas___rm-static`, state: "absent", sizeKiB: null, ...changes };
}
function asked(changes: Partial<HubAnswer> = {}): HubAnswer {
  return hubAnswer({ kind: "datasets", name: NAME, bytes: 64 * 2 ** 20, ...changes });
}
/** Every stage reads this one. */
function parametersOf(changes: Parameters<typeof opt13b>[0] = {}, env: Record<string, string> = {}) {
  const parameters = opt13b({}, env);
  for (const stage of Object.values(parameters.stages))
    Object.assign(stage.fields, { data_path: [NAME], ...changes });
  return parameters;
}
function check(answer: Partial<NodeAnswer>, parameters = parametersOf()) {
  return checkData(nodeCheckFacts({ parameters, answers: [nodeAnswer({ dataSets: [kept()], ...answer })] }));
}

describe("a hub's data set", () => {
  it("in the node's cache is in order, whatever the hub says", () => {
    const there = kept({ state: "there", sizeKiB: 100 * 1024 });
    expect(check({ dataSets: [there], isDataOffline: true })).toEqual({
      findings: [],
      checked: [`${NAME} is in the data sets' cache of gpu-1 (100 MiB).`],
    });
  });

  it.each<[string, Partial<NodeAnswer>, string, RegExp]>([
    ["offline mode", { isDataOffline: true }, "error data-on-node", /offline mode is on .*Upload its rows/],
    [
      "a hub that is away",
      { hub: [asked({ status: null, failure: "refused" })] },
      "error data-on-node",
      /cannot be reached from there: refused\. Upload its rows/,
    ],
    [
      "a name that the hub lacks",
      { hub: [asked({ status: 404 })] },
      "error data-on-node",
      /no such data set/,
    ],
    ["a hub that is ill", { hub: [asked({ status: 503 })] }, "warning data-unsure", /HTTP 503/],
    ["no Python", { hub: [] }, "warning data-unsure", /there is no Python/],
    [
      "a proxy that cannot be asked through",
      { hub: [asked({ isAsked: false, status: null, failure: "its proxy speaks SOCKS" })] },
      "warning data-unsure",
      /nobody could ask the hub: its proxy speaks SOCKS/,
    ],
    ["a gate", { hub: [asked({ isGated: true })] }, "warning data-gated", /HF_TOKEN/],
    ["a hub that has it", { hub: [asked()] }, "note data-download", /downloads about 64 MiB first/],
    ["a closed cache", { dataSets: [kept({ state: "closed" })] }, "error data-on-node", /ada may not read/],
  ])("absent, with %s", (_, answer, expected, message) => {
    const { findings, checked } = check(answer);
    expect(findings.map(({ stage }) => stage)).toEqual(["sft", "reward", "ppo"]);
    for (const finding of findings) {
      expect(`${finding.severity} ${finding.id}`).toBe(expected);
      expect(finding).toMatchObject({ about: [NAME], path: `stages.${finding.stage}.fields.data_path` });
      expect(finding.message).toMatch(message);
    }
    expect(checked).toEqual([]);
  });

  it("is left out where others remain, and offline mode turned off where the stage turned it on", () => {
    const offline = { isDataOffline: true };
    const two = parametersOf({ data_path: [NAME, "~/rows"] });
    expect(check(offline, two).findings[0]?.fix).toEqual({
      label: `Leave ${NAME} out`,
      changes: [{ path: "stages.sft.fields.data_path", value: ["~/rows"] }],
    });
    expect(check(offline, parametersOf({}, { HF_DATASETS_OFFLINE: "1" })).findings[0]?.fix).toEqual({
      label: "Turn offline mode off",
      changes: [{ path: "stages.sft.env.HF_DATASETS_OFFLINE", value: null }],
    });
    expect(check(offline).findings[0]?.fix).toBeUndefined();
  });

  it("counts for the disk that it is downloaded to and for the one that it is prepared on", () => {
    const places = [
      nodePlace(),
      nodePlace({ role: "hub", path: "/hf/hub", mount: "/hf", freeKiB: (20 * GIB) / 1024 }),
      nodePlace({ role: "HF_DATASETS_CACHE", path: "/ds", mount: "/ds", freeKiB: (20 * GIB) / 1024 }),
    ];
    const hub = (bytes: number | null, preparedBytes: number | null) => [asked({ bytes, preparedBytes })];
    const disk = (answers: HubAnswer[]) =>
      checkDisk(nodeCheckFacts({ answers: [nodeAnswer({ places, dataSets: [kept()], hub: answers })] }));
    expect(disk(hub(30 * GIB, 2 * GIB)).findings).toMatchObject([
      { severity: "error", message: expect.stringContaining(`30 GiB of ${NAME} in the Hugging Face cache`) },
    ]);
    expect(disk(hub(2 * GIB, 60 * GIB)).findings).toMatchObject([
      { severity: "error", message: expect.stringContaining(`60 GiB of ${NAME}, prepared,`) },
    ]);
    expect(disk(hub(null, null)).findings).toEqual([]);
  });
});
