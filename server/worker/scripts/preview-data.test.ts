import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RawFailure, RawPreview } from "../../contracts/data-previews";
import { dataPreview } from "../../datasets";
import { parsePreview } from "../../datasets/parse-preview";
import { writePreviewCheckout } from "../../testing/preview-checkout";

const PYTHON = process.env.TRAINYARD_TEST_PYTHON ?? "python3";
const PROGRAM = ["preview-hub.py", "preview-json.py", "preview-data.py"]
  .map((name) => readFileSync(join(import.meta.dirname, name), "utf8"))
  .join("\n");
const hasPython = spawnSync(PYTHON, ["--version"]).status === 0;
if (!hasPython) console.log("preview-data.py is not tested: there is no python3 here");

let directory: string;
let checkout: { application: string; packages: string };
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "preview-data-"));
  checkout = writePreviewCheckout(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

interface Asked {
  kind: "path" | "hub";
  name: string;
  rows?: number;
  seconds?: number;
  env?: Record<string, string>;
}

function preview({ kind, name, rows = 3, seconds = 30, env = {} }: Asked): RawPreview {
  const words = ["-c", PROGRAM, kind, name, String(rows), String(seconds), checkout.application];
  const output = execFileSync(PYTHON, words, {
    encoding: "utf8",
    maxBuffer: 16_777_216,
    env: { NODE_ENV: "test", PATH: process.env.PATH ?? "", PYTHONPATH: checkout.packages, ...env },
  });
  return parsePreview(output, { readAt: "2026-01-01T00:00:00.000Z", interrupted: "interrupted" });
}
const told = (raw: RawPreview, name: string) => dataPreview(raw, { name, node: "gpu-1" }).problems;

let count = 0;
/** A folder with these files; a null is left out. */
function folder(train: string | Buffer | null, evaluation: string | Buffer | null = row("e")): string {
  count += 1;
  const path = join(directory, `rows ${count} it's`);
  mkdirSync(path);
  if (train !== null) writeFileSync(join(path, "train.json"), train);
  if (evaluation !== null) writeFileSync(join(path, "eval.json"), evaluation);
  return path;
}
function row(word: string, more: object = {}): string {
  const texts = { prompt: `Human: ${word} Assistant:`, chosen: "yes", rejected: "no" };
  return `${JSON.stringify({ ...texts, ...more })}\n`;
}

describe.skipIf(!hasPython)("preview-data.py, a folder", () => {
  it("shows the first rows of both parts and counts the rest", () => {
    const rows = Array.from({ length: 5000 }, (_, i) => row(`q${i} 你好`)).join("\n");
    const raw = preview({ kind: "path", name: folder(rows) });
    expect(raw).toMatchObject({ source: "folder", failures: [] });
    expect(
      raw.parts.map(({ part, total, isTotalExact, isWhole }) => [part, total, isTotalExact, isWhole]),
    ).toEqual([
      ["train", 5000, true, false],
      ["eval", 1, true, true],
    ]);
    expect(raw.parts[0]?.columns).toEqual(["prompt", "chosen", "rejected"]);
    expect(raw.parts[0]?.rows.map(({ place, prompt }) => [place, prompt])).toEqual([
      ["line 1", "Human: q0 你好 Assistant:"],
      ["line 3", "Human: q1 你好 Assistant:"],
      ["line 5", "Human: q2 你好 Assistant:"],
    ]);
  });

  it.each<[string, string, string[]]>([
    ["a list", '[\n{"prompt": "a"},\n{"prompt": "b"}]', ["row 1", "row 2"]],
    ["objects over several lines", '{\n"prompt": "a"}\n{"prompt":\n"b"}', ["line 1", "line 3"]],
    ["a byte order mark", '\ufeff{"prompt": "a"}', ["line 1"]],
    [
      "an object longer than a chunk",
      `{"prompt": "${"é".repeat(400_000)}"}\n{"prompt": "b"}`,
      ["line 1", "line 2"],
    ],
  ])("reads %s", (_, text, places) => {
    const raw = preview({ kind: "path", name: folder(text) });
    expect(raw.failures).toEqual([]);
    expect(raw.parts[0]?.rows.map(({ place }) => place)).toEqual(places);
  });

  it("estimates how many rows a long list holds, and sends no more than the beginning of a long text", () => {
    const list = Array.from({ length: 2000 }, () => row("q", { chosen: "word ".repeat(6000) }).trim());
    const raw = preview({ kind: "path", name: folder(`[${list.join(",")}]`), rows: 200 });
    const [train] = raw.parts;
    expect(train?.isTotalExact).toBe(false);
    expect(train?.total).toBeGreaterThan(1500);
    expect(train?.total).toBeLessThan(2500);
    expect(train?.rows.length).toBeLessThan(100);
    expect(train?.rows[0]).toMatchObject({ isCut: true, uses: { sft: true } });
    expect(train?.rows[0]?.chosen).toHaveLength(20_000);
  });

  it("tells what each stage would do with a row", () => {
    const rows = [row("a"), row("b", { rejected: null }), row("c", { chosen: 7 })].join("");
    const raw = preview({ kind: "path", name: folder(rows) });
    const number = 'TypeError: can only concatenate str (not "int") to str, in chosen';
    expect(raw.parts[0]?.rows.map(({ uses }) => uses)).toEqual([
      { sft: true, reward: true, ppo: true },
      { sft: true, reward: false, ppo: true },
      { sft: number, reward: number, ppo: true },
    ]);
    const problems = told(raw, "x").map(({ code, stages, severity }) => [code, stages, severity]);
    expect(problems).toEqual([["row_ends_training", ["sft", "reward"], "error"]]);
  });

  it("a column that no row has ends the stages that ask for it", () => {
    const lines = Array.from({ length: 4 }, () => `${JSON.stringify({ prompt: "a", chosen: "b" })}\n`).join(
      "",
    );
    const problems = told(preview({ kind: "path", name: folder(lines, lines) }), "x");
    expect(problems.map(({ code, stages, part }) => [code, stages, part])).toEqual([
      ["no_rejected_answers", ["reward"], null],
    ]);
    expect(problems[0]?.message).toContain("no column rejected, only prompt, chosen");
  });
});

describe.skipIf(!hasPython)("preview-data.py, what is refused", () => {
  const good = row("a");
  const refused: [string, () => string, string, string][] = [
    ["nothing there", () => join(directory, "none/here"), "path_absent", `What is there is ${"DIRECTORY"}.`],
    ["a part missing", () => folder(good, null), "part_absent", "eval.json is not there"],
    ["an empty file", () => folder(""), "empty_file", "holds no rows"],
    [
      "words",
      () => folder("hello\n"),
      "not_json",
      "line 1: this is no valid JSON (Expecting value, column 1)",
    ],
    ["a bad second line", () => folder(`${good}{oops}\n`), "not_json", "line 2"],
    [
      "a list without an end",
      () => folder(`[${good}`),
      "not_json",
      "a comma or the end of the list is missing",
    ],
    ["a list of texts", () => folder('["a"]'), "not_object", "row 1"],
    ["a name twice", () => folder('{"prompt": "a", "prompt": "b"}'), "duplicate_name", "prompt twice"],
    ["Parquet", () => folder(Buffer.from("PAR1....")), "not_text", "no text but Parquet"],
    ["binary data", () => folder(Buffer.alloc(100)), "not_text", "binary data"],
    ["Latin-1", () => folder(Buffer.from('{"prompt": "caf\xe9"}', "latin1")), "not_utf8", "line 1"],
    ["a line without an end", () => folder(`{"prompt": "${"x".repeat(3_000_000)}`), "row_too_long", "1 MiB"],
    ["deep nesting", () => folder(`{"prompt": ${"[".repeat(200_000)}`), "not_json", "nested too deeply"],
  ];
  it.each(refused)("%s", (_, make, code, words) => {
    const name = make();
    const [problem] = told(preview({ kind: "path", name }), name);
    expect(problem).toMatchObject({ code, severity: "error", stages: ["sft", "reward", "ppo"] });
    expect(problem?.message).toContain(words.replace("DIRECTORY", directory));
    expect(problem?.hint).toMatch(/\w+/);
  });

  it("links that lead nowhere, to themselves, or to what has no end", () => {
    const path = folder(null, null);
    symlinkSync("/dev/zero", join(path, "train.json"));
    execFileSync(PYTHON, ["-c", "import os, sys; os.mkfifo(sys.argv[1])", join(path, "eval.json")]);
    const codes = ({ failures }: { failures: RawFailure[] }) => failures.map(({ code }) => code);
    expect(codes(preview({ kind: "path", name: path }))).toEqual(["not_file", "not_file"]);
    symlinkSync("around", join(directory, "around"));
    symlinkSync("/nowhere/at/all", join(directory, "gone"));
    expect(codes(preview({ kind: "path", name: join(directory, "around") }))).toEqual(["link_loop"]);
    expect(codes(preview({ kind: "path", name: join(directory, "gone") }))).toEqual(["broken_link"]);
    symlinkSync(folder(row("a")), join(directory, "good"));
    expect(codes(preview({ kind: "path", name: join(directory, "good") }))).toEqual([]);
  });

  it("a file still shows its rows, and names its folder instead", () => {
    const path = folder(row("a"));
    const name = join(path, "train.json");
    const raw = preview({ kind: "path", name });
    expect(raw.parts[0]?.rows).toHaveLength(1);
    expect(told(raw, name)).toMatchObject([{ code: "is_file", instead: path }]);
  });
});

describe.skipIf(!hasPython)("preview-hub.py, over a stand-in for the package datasets", () => {
  const pair = (word: string) => ({ question: word, good: "yes", bad: "no" });
  const hub = (content: object) => ({ STAND_IN_HUB: JSON.stringify(content) });
  const ask = (name: string, content: object, more: Partial<Asked> = {}) =>
    preview({ kind: "hub", name, ...more, env: { ...hub(content), ...more.env } });

  it("shows the very texts that the checkout's class makes, of no more rows than asked", () => {
    // One more than asked for tells that there are more.
    const rows = ["a", "b", "c", "d"].map(pair);
    const raw = ask("lab/pairs", { train: [...rows, "cut"], test: [pair("t")] });
    expect(raw).toMatchObject({ source: "hub", failures: [] });
    expect(raw.parts).toMatchObject([
      { part: "train", columns: ["question", "good", "bad"], isWhole: false, total: null },
      { part: "eval", isWhole: true },
    ]);
    expect(raw.parts[0]?.rows[2]).toMatchObject({
      place: "row 3",
      prompt: " Human: c Assistant:",
      chosen: " yes",
      rejected: " no",
      uses: { sft: true, reward: true, ppo: true },
    });
  });

  it("tells a class without rejected answers, and one that shares its rows", () => {
    const raw = ask("lab/answers", { train: [pair("a"), pair("b")] });
    expect(raw.parts.map(({ part, isShare, rows }) => [part, isShare, rows.length])).toEqual([
      ["train", true, 2],
      ["eval", true, 0],
    ]);
    expect(told(raw, "lab/answers")).toMatchObject([{ code: "no_rejected_answers", stages: ["reward"] }]);
  });

  it("a row without a column ends training, and the row is named", () => {
    const raw = ask("lab/pairs", {
      train: [pair("a"), { question: "b", good: null, bad: "no" }],
      test: [pair("t")],
    });
    const [problem] = told(raw, "lab/pairs");
    expect(problem).toMatchObject({ code: "row_ends_training", stages: ["sft", "reward"] });
    expect(problem?.message).toContain("row 2 of the training rows: TypeError");
  });

  it.each<[string, object, string, string]>([
    ["lab/unheard-of", {}, "unknown_name", "It knows lab/pairs, lab/answers"],
    [
      "lab/pairs",
      { refuse: "absent", text: "Dataset 'lab/pairs' doesn't exist" },
      "hub_absent",
      "The hub has no lab/pairs",
    ],
    [
      "lab/pairs",
      { refuse: "absent", text: "'lab/pairs' is a gated dataset" },
      "hub_gated",
      "lab/pairs is gated",
    ],
    [
      "lab/pairs",
      { refuse: "unreachable", text: "Couldn't reach it" },
      "hub_unreachable",
      "gpu-1 does not reach the hub",
    ],
    [
      "lab/pairs",
      { refuse: "x", text: "Dataset scripts are no longer supported" },
      "hub_script",
      "runs none",
    ],
    ["lab/pairs", { refuse: "x", text: "proxy http://me:pw@proxy:1" }, "load_failed", "http://proxy:1"],
    ["lab/pairs", { train: [] }, "split_missing", "has the splits train, and DeepSpeed-Chat asks for test"],
    ["lab/pairs", { train: ["cut"], test: [pair("t")] }, "hub_unreachable", "connection reset"],
  ])("%s with %j is %s", (name, content, code, words) => {
    const problems = told(ask(name, content), name);
    expect(problems[0]).toMatchObject({ code });
    expect(problems[0]?.message).toContain(words);
    expect(problems[0]?.hint).toMatch(/\w+/);
  });

  it("a folder of a name that it knows is read from the disk, as in training", () => {
    const name = join(directory, "lab/pairs");
    mkdirSync(name, { recursive: true });
    expect(ask(name, {})).toMatchObject({ source: "saved", failures: [{ code: "load_failed" }] });
  });

  it("offline mode, a missing package and a hub that hangs say so", () => {
    const refusal = { refuse: "unreachable", text: "offline" };
    const offline = ask("lab/pairs", refusal, { env: { HF_HUB_OFFLINE: "1" } });
    expect(offline.failures).toMatchObject([{ code: "offline" }]);
    const without = ask("lab/pairs", {}, { env: { PYTHONPATH: "", PYTHONNOUSERSITE: "1" } });
    expect(told(without, "lab/pairs")[0]?.message).toMatch(/cannot import datasets: (?:Module|Import|Key)/);
    expect(ask("lab/pairs", { hang: true }, { seconds: 1 }).failures).toMatchObject([{ code: "timed_out" }]);
  });
});
