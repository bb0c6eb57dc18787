import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EvaluationLine, type EvaluationRequest } from "../../contracts/evaluations";
import makeModels from "../../testing/make-tiny-models.py";

/** TRAINYARD_TEST_PYTHON names one with torch and transformers, where the system's own has neither. */
const PYTHON = process.env.TRAINYARD_TEST_PYTHON ?? "python3";
const PROGRAM = join(import.meta.dirname, "evaluate.py");
const ENV = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", HF_HUB_OFFLINE: "1", CUDA_VISIBLE_DEVICES: "" };

function python(args: readonly string[], input?: string) {
  const result = spawnSync(PYTHON, args, {
    encoding: "utf8",
    env: ENV,
    timeout: 120_000,
    ...(input === undefined ? {} : { input }),
  });
  return { status: result.status, stdout: result.stdout ?? "", stderr: result.stderr ?? "" };
}

/** The value of an expression about the program's own functions. */
function evaluated(expression: string): unknown {
  const setUp = `import sys, json; sys.path.insert(0, ${JSON.stringify(import.meta.dirname)}); import evaluate`;
  const { stdout, stderr, status } = python(["-c", `${setUp}\nprint(json.dumps(${expression}))`]);
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const hasPython = python(["--version"]).status === 0;
const importing = python(["-c", "import torch, transformers"]);
const hasLibraries = importing.status === 0;
if (!hasPython) console.log("evaluate.py is not tested: there is no python3 here");
else if (!hasLibraries)
  console.log(
    "evaluate.py is tested without models: torch or transformers is missing (set TRAINYARD_TEST_PYTHON)",
  );

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "trainyard-evaluate-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const REQUEST: EvaluationRequest = {
  version: 1,
  prompts: ["Human: one two Assistant:", "Human: three Assistant:"],
  models: [{ key: "baseline", label: "Baseline", path: "/nowhere" }],
  rewardModel: null,
  settings: { maxNewTokens: 6, temperature: 0, topP: 1, topK: 0, repetitionPenalty: 1, seed: 1 },
};

function evaluate(request: unknown) {
  const paths = [join(directory, "request.json"), join(directory, "answers.jsonl")] as const;
  writeFileSync(paths[0], typeof request === "string" ? request : JSON.stringify(request));
  writeFileSync(paths[1], "");
  const result = python([PROGRAM, ...paths]);
  const lines = readFileSync(paths[1], "utf8").split("\n").filter(Boolean);
  return { ...result, lines: lines.map((line) => EvaluationLine.parse(JSON.parse(line))) };
}

describe.skipIf(!hasPython)("the evaluation program, without a model", () => {
  it.each([
    ["no arguments", [], /usage: evaluate.py REQUEST ANSWERS/],
    ["a request that is not there", ["/nowhere/request.json", "/dev/null"], /cannot be read: .*No such file/],
  ])("says what is wrong with %s", (_, args, message) => {
    const { status, stderr } = python([PROGRAM, ...args]);
    expect(stderr).toMatch(message);
    expect(status).toBe(1);
  });

  it.each([
    ["that is not JSON", "{", /is not JSON/],
    ["of another version", { ...REQUEST, version: 2 }, /version 1, not 2/],
    ["that is no object", [], /version 1, not None/],
  ])("refuses a request %s", (_, request, message) => {
    const { status, stderr, lines } = evaluate(request);
    expect(stderr).toMatch(message);
    expect([status, lines]).toEqual([1, []]);
  });

  it("cuts an answer where the conversation ends", () => {
    expect(evaluated('[evaluate.without_end(t) for t in ["a b", "a<|endoftext|>Human: b", ""]]')).toEqual([
      "a b",
      "a",
      "",
    ]);
  });

  it("is greedy at temperature 0 and samples by the settings above it", () => {
    const settings = { temperature: 0, topP: 0.9, topK: 40, repetitionPenalty: 1.1 };
    const options = (changes: object) =>
      evaluated(`evaluate.generation_options(json.loads(${quoted({ ...settings, ...changes })}))`);
    expect(options({})).toEqual({ repetition_penalty: 1.1, do_sample: false, num_beams: 1 });
    expect(options({ temperature: 0.7 })).toEqual({
      repetition_penalty: 1.1,
      do_sample: true,
      temperature: 0.7,
      top_p: 0.9,
      top_k: 40,
    });
  });

  it("reads a reward model's weights under the names that DeepSpeed-Chat gives them", () => {
    const names = ["rwtransformer.h.0", "rwtranrsformer.h.0", "h.0"];
    expect(evaluated(`[evaluate.strip_reward_prefix(n) for n in json.loads(${quoted(names)})]`)).toEqual([
      "h.0",
      "h.0",
      "h.0",
    ]);
  });

  it("finds the model that a checkpoint began as, and does without one", () => {
    const checkpoint = join(directory, "checkpoint");
    mkdirSync(checkpoint, { recursive: true });
    writeFileSync(join(checkpoint, "config.json"), JSON.stringify({ _name_or_path: "facebook/opt-1.3b" }));
    const origins = `[evaluate.origin_of(p) for p in json.loads(${quoted([checkpoint, directory])})]`;
    expect(evaluated(origins)).toEqual(["facebook/opt-1.3b", null]);
    expect(evaluated(`evaluate.has_tokenizer(json.loads(${quoted(checkpoint)}))`)).toBe(false);
  });

  it("writes whole lines of the protocol, and nothing that JSON cannot say", () => {
    const file = join(directory, "lines.jsonl");
    const written = python([
      "-c",
      `import sys; sys.path.insert(0, ${JSON.stringify(import.meta.dirname)}); import evaluate
answers = evaluate.Answers(sys.argv[1])
answers.progress("Löading\\n<baseline>")
answers.write(type="answer", promptIndex=0, model="baseline", text="a\\u2028b\\n", isComplete=False)
answers.write(type="score", promptIndex=0, model="baseline", rewardScore=float("nan"))`,
      file,
    ]);
    expect(written.stderr).toContain("not JSON compliant");
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    expect(lines.map((line) => EvaluationLine.parse(JSON.parse(line)))).toMatchObject([
      { type: "progress", message: "Löading\n<baseline>" },
      { type: "answer", text: "a\u2028b\n", isComplete: false },
    ]);
  });

  it.skipIf(!importing.stderr.includes("ModuleNotFoundError"))(
    "names the package that is missing and what to do about it, as the last line",
    () => {
      const { status, stderr, lines } = evaluate(REQUEST);
      expect(stderr.trim().split("\n").at(-1)).toMatch(
        /^ModuleNotFoundError: the evaluation needs the Python package (torch|transformers), .* node's settings$/,
      );
      expect([status, lines]).toEqual([1, []]);
    },
  );
});

describe.skipIf(!hasLibraries)("the evaluation program, with tiny models", () => {
  const models = () => ({
    baseline: join(directory, "models/baseline"),
    sft: join(directory, "models/sft"),
    reward: join(directory, "models/reward"),
  });
  beforeAll(() => {
    const made = python(["-", join(directory, "models")], makeModels);
    if (made.status !== 0) throw new Error(made.stderr);
  }, 120_000);

  it("answers every prompt with every model, cuts at the limit, and scores with the run's reward model", () => {
    const { baseline, sft, reward } = models();
    const { status, stderr, lines } = evaluate({
      ...REQUEST,
      models: [
        { key: "baseline", label: "Baseline", path: baseline },
        { key: "sft", label: "SFT", path: sft },
      ],
      rewardModel: { path: reward, numPaddingAtBeginning: 0 },
    });
    expect([status, stderr]).toEqual([0, expect.any(String)]);
    const done = lines.flatMap((line) => (line.type === "answer" && line.isComplete ? [line] : []));
    expect(done.map(({ model, promptIndex }) => `${model} ${promptIndex}`)).toEqual([
      "baseline 0",
      "baseline 1",
      "sft 0",
      "sft 1",
    ]);
    for (const { tokenCount, finishReason } of done) {
      expect(tokenCount).toBeLessThanOrEqual(6);
      expect(finishReason).toBe(tokenCount === 6 ? "length" : "stop");
    }
    const scores = lines.flatMap((line) => (line.type === "score" ? [line.rewardScore] : []));
    expect(scores).toHaveLength(4);
    expect(new Set(scores).size).toBeGreaterThan(1);
    expect(lines.at(-1)).toEqual({ type: "done" });
  }, 120_000);

  it("stops at the end of the conversation", () => {
    const { status, lines } = evaluate({
      ...REQUEST,
      models: [{ key: "actor", label: "Actor", path: join(directory, "models/ender") }],
    });
    expect(status).toBe(0);
    const done = lines.filter((line) => line.type === "answer" && line.isComplete);
    expect(done).toMatchObject([
      { text: "", finishReason: "stop" },
      { text: "", finishReason: "stop" },
    ]);
  }, 120_000);

  it("gives equal answers for equal seeds, and loses only the answers of a model that cannot be loaded", () => {
    const request = {
      ...REQUEST,
      models: [
        { key: "sft", label: "SFT", path: "/nowhere" },
        { key: "baseline", label: "Baseline", path: models().baseline },
      ],
      settings: { ...REQUEST.settings, temperature: 1 },
    };
    const texts = (result: ReturnType<typeof evaluate>) =>
      result.lines.flatMap((line) => (line.type === "answer" && line.isComplete ? [line.text] : []));
    const [first, second] = [evaluate(request), evaluate(request)];
    expect([first.status, second.status]).toEqual([1, 1]);
    expect(texts(first)).toHaveLength(2);
    expect(texts(second)).toEqual(texts(first));
    expect(first.lines).toContainEqual(
      expect.objectContaining({ type: "progress", message: expect.stringMatching(/^sft failed: /) }),
    );
  }, 120_000);
});

/** A Python string that holds JSON. */
function quoted(value: unknown): string {
  return JSON.stringify(JSON.stringify(value));
}
