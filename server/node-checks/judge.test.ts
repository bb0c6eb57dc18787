import { describe, expect, it } from "vitest";
import { Finding } from "../contracts/runs";
import { nodeAnswer, nodeCheckFacts, opt13b } from "../testing/node-check-facts";
import { checkData } from "./check-data";
import { checkPort } from "./check-port";
import { judgeNodeChecks } from "./judge";
import { buildQuestions } from "./questions";

const NODE = { isPractice: false, examplesDirectory: "/opt/DeepSpeedExamples", env: {} };

describe("what is asked of a node", () => {
  it("is one question where the stages' variables are equal, with the node's own below theirs", () => {
    const parameters = opt13b({}, { HF_HOME: "/big/hf", LR_NOTE: "x" });
    for (const stage of Object.values(parameters.stages)) stage.fields.data_path = ["Dahoas/rm-static"];
    const { questions, needs } = buildQuestions(parameters, {
      ...NODE,
      env: { HF_HOME: "/small", HF_ENDPOINT: "https://mirror.example" },
    });
    expect(questions).toHaveLength(1);
    expect(questions[0]).toEqual({
      env: { HF_HOME: "/big/hf", HF_ENDPOINT: "https://mirror.example" },
      modelNames: ["facebook/opt-1.3b"],
      modelPaths: [],
      folders: [],
      dataSets: ["Dahoas/rm-static"],
    });
    expect(needs.map(({ stage, question, model }) => [stage, question, model])).toEqual([
      ["sft", 0, "facebook/opt-1.3b"],
      ["reward", 0, "facebook/opt-1.3b"],
      ["ppo", 0, null],
    ]);
  });

  it("is a question for each set of variables", () => {
    const parameters = opt13b();
    parameters.stages.reward.env = { HF_HUB_OFFLINE: "1" };
    const { questions, needs } = buildQuestions(parameters, NODE);
    expect(questions.map(({ env }) => env)).toEqual([{}, { HF_HUB_OFFLINE: "1" }]);
    expect(needs.map(({ question }) => question)).toEqual([0, 1, 0]);
  });

  it.each([
    ["/models/opt", { modelPaths: ["/models/opt"], modelNames: [] }],
    ["~/opt", { modelPaths: ["~/opt"], modelNames: [] }],
    ["gpt2", { modelPaths: [], modelNames: ["gpt2"] }],
    ["./opt", { modelPaths: [], modelNames: [] }],
    ["", { modelPaths: [], modelNames: [] }],
    ["a\nb", { modelPaths: [], modelNames: [] }],
  ])("the model %j", (model, asked) => {
    expect(buildQuestions(opt13b({ model_name_or_path: model }), NODE).questions[0]).toMatchObject(asked);
  });

  it.each([
    [["~/rows/"], ["~/rows"]],
    [["local/jsonfile"], ["/opt/DeepSpeedExamples/applications/DeepSpeed-Chat/data"]],
    [["/saved/Dahoas/rm-static"], ["/saved/Dahoas/rm-static"]],
    [["Dahoas/rm-static", "dataset:mine@1"], []],
  ])("the data %j", (data, folders) => {
    const { questions } = buildQuestions(opt13b({ data_path: data }), NODE);
    expect(questions[0]?.folders).toEqual(folders);
  });

  it.each<[Record<string, string[]>, string[]]>([
    [{ data_path: ["Dahoas/rm-static", "dataset:mine@1", "~/rows"] }, ["Dahoas/rm-static"]],
    [{ data_path: ["mkqa-Chinese"], sft_only_data_path: ["mine"] }, ["mkqa", "mine"]],
    [{ data_path: ["local/jsonfile", "a/b/c", "./rows", "no name"] }, []],
  ])("the hub data of %j", (fields, dataSets) => {
    const parameters = opt13b();
    for (const stage of Object.values(parameters.stages)) stage.fields = { ...fields };
    const { questions } = buildQuestions(parameters, NODE);
    expect(questions[0]?.dataSets).toEqual(dataSets);
  });

  it("also the text that PPO learns beside its prompts, where it is turned on", () => {
    const parameters = opt13b();
    parameters.stages.ppo.fields.unsupervised_dataset_name = "wikitext";
    expect(buildQuestions(parameters, NODE).needs[2]?.dataSets).toHaveLength(1);
    parameters.stages.ppo.fields.unsupervised_dataset_config_name = "wikitext-2-raw-v1";
    expect(buildQuestions(parameters, NODE).needs[2]?.dataSets).toContainEqual({
      name: "wikitext",
      repository: "wikitext",
      field: "unsupervised_dataset_name",
    });
  });

  it("holds no hidden token, and no model of the practice node", () => {
    const parameters = opt13b({}, { HF_TOKEN: "[secret]" });
    const { questions, needs } = buildQuestions(parameters, { ...NODE, isPractice: true });
    expect(questions).toEqual([{ env: {}, modelNames: [], modelPaths: [], folders: [], dataSets: [] }]);
    expect(needs[0]).toMatchObject({ model: null, hasHiddenToken: true });
  });
});

describe("a folder of data", () => {
  type Folder = ReturnType<typeof nodeAnswer>["folders"][number];
  it.each<[string, Partial<Folder>, string | null]>([
    ["/d/rows", { state: "absent" }, "gpu-1 has no directory /d/rows."],
    ["/d/rows", { state: "closed" }, "ada may not read /d/rows on gpu-1."],
    [
      "/d/rows",
      { state: "no_directory" },
      "/d/rows on gpu-1 is a file. Name the directory that holds train.json and eval.json.",
    ],
    ["/d/rows", {}, "/d/rows holds no train.json and no eval.json that can be read and is not empty."],
    ["/d/rows", { files: ["train.json"] }, "/d/rows holds no eval.json that can be read and is not empty."],
    ["/d/rows", { files: ["train.json", "eval.json"] }, null],
    [
      "/d/Dahoas/rm-static",
      {},
      "/d/Dahoas/rm-static holds no dataset_dict.json: the program reads there what save_to_disk of a data set with its splits wrote.",
    ],
    ["/d/Dahoas/rm-static", { files: ["dataset_dict.json"] }, null],
  ])("%s %j", (path, answer, message) => {
    const folder: Folder = { path, state: "there", files: [], ...answer };
    const { findings, checked } = checkData(
      nodeCheckFacts({
        parameters: opt13b({ data_path: [path] }),
        answers: [nodeAnswer({ folders: [folder] })],
      }),
    );
    expect(findings.map((finding) => finding.message)).toEqual(message === null ? [] : [message, message]);
    expect(checked).toEqual(message === null ? [`${path} is on gpu-1 and can be read.`] : []);
    if (message !== null) expect(findings[0]?.path).toBe("stages.sft.fields.data_path");
  });
});

describe("the port", () => {
  it("is chosen at the launch, and shown with one that is free now", () => {
    expect(checkPort(nodeCheckFacts()).findings).toMatchObject([
      { id: "master-port", severity: "note", path: null, message: expect.stringContaining("21234 is free") },
    ]);
  });

  it("is an error where none is free, as the launch would fail", () => {
    const { findings } = checkPort(nodeCheckFacts({ answers: [nodeAnswer({ freePort: null })] }));
    expect(findings).toMatchObject([{ severity: "error", path: "nodeId" }]);
  });

  it("cannot be chosen by hand", () => {
    const { findings } = checkPort(nodeCheckFacts({ parameters: opt13b({}, { MASTER_PORT: "29500" }) }));
    expect(findings[0]).toMatchObject({
      id: "master-port-ignored",
      severity: "warning",
      fix: { changes: [{ path: "stages.sft.env.MASTER_PORT", value: null }] },
    });
  });
});

it("finds a node that lacks nothing in order, and says only which port is free", () => {
  const { findings, checked } = judgeNodeChecks(nodeCheckFacts());
  expect(findings.map(({ id }) => id)).toEqual(["master-port"]);
  expect(checked).toHaveLength(3);
  for (const finding of findings) expect(Finding.parse(finding)).toEqual(finding);
});
