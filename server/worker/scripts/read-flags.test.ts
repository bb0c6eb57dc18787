import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCheckoutFlags } from "../../recipes";
import { FIELDS } from "../../recipes/deepspeed-chat/fields";

const PYTHON = process.env.TRAINYARD_TEST_PYTHON ?? "python3";
const PROGRAM = join(import.meta.dirname, "read-flags.py");
const STEP_1 = "training/step1_supervised_finetuning";
const EXAMPLES = process.env.DEEPSPEED_EXAMPLES_DIR;
const hasPython = spawnSync(PYTHON, ["--version"]).status === 0;
if (!hasPython) console.log("read-flags.py is not tested: there is no python3 here");
if (EXAMPLES === undefined)
  console.log("read-flags.py is not compared with a real checkout: DEEPSPEED_EXAMPLES_DIR is not set");

interface Output {
  hash: string;
  programs: Record<string, Record<string, unknown>[]>;
  problems: Record<string, string>;
}

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "read-flags-"));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let count = 0;
/** A checkout with these files, as the program reads it. */
function readSources(files: Record<string, string>): Output {
  count += 1;
  const application = join(directory, String(count));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(application, path)), { recursive: true });
    writeFileSync(join(application, path), text);
  }
  return JSON.parse(execFileSync(PYTHON, ["-I", PROGRAM, application], { encoding: "utf8" }));
}

const main = (lines: string) =>
  `import argparse\nfrom dschat.arguments import add_more\nimport dschat.other as other\n
def parse_args():
    parser = argparse.ArgumentParser(description="x")
${lines
  .split("\n")
  .map((line) => `    ${line}`)
  .join("\n")}
    return parser.parse_args()
raise SystemExit("was run")
`;
const flagsOf = (lines: string, files: Record<string, string> = {}) =>
  readSources({ ...files, [`${STEP_1}/main.py`]: main(lines) }).programs[STEP_1] ?? [];

describe.skipIf(!hasPython)("read-flags.py", () => {
  it.each<[string, string, object]>([
    ["a number", "parser.add_argument('--a', type=int, default=-1)", { type: "int", default: -1 }],
    ["a joined help", "parser.add_argument('--a', help='one '\n    'two')", { help: "one two" }],
    ["a switch", "parser.add_argument('--a', action='store_true')", { action: "store_true" }],
    ["the long name", "parser.add_argument('-s', '--a', required=True)", { flag: "--a", required: true }],
    ["choices", "parser.add_argument('--a', choices=['x', 'y'])", { choices: ["x", "y"] }],
    ["a computed default", "parser.add_argument('--a', default=os.cpu_count())", { isComputed: true }],
    ["a group", "group = parser.add_argument_group('g')\ngroup.add_argument('--a')", { flag: "--a" }],
  ])("reads %s", (_, lines, wanted) => {
    expect(flagsOf(lines)[0]).toMatchObject(wanted);
  });

  it("follows the parser into the checkout's own modules, and runs none of it", () => {
    const files = {
      "dschat/__init__.py": "",
      "dschat/arguments.py":
        "SIZE = 4\ndef add_more(p):\n    p.add_argument('--more', default=SIZE)\n    return p\nraise SystemExit('was run')\n",
      "dschat/other.py": "def add(parser):\n    parser.add_argument('--other')\n",
    };
    const flags = flagsOf(
      "parser.add_argument('--first')\nparser = add_more(parser)\nother.add(parser)\nmissing(parser)",
      files,
    );
    expect(flags).toMatchObject([
      { flag: "--first", from: `${STEP_1}/main.py` },
      { flag: "--more", default: 4, from: "dschat/arguments.py" },
      { flag: "--other" },
    ]);
  });

  it("another parser's flags are not the program's", () => {
    expect(flagsOf("logger.add_argument('--a')\nparser.add_argument('--b')")).toHaveLength(1);
  });

  it("the hash follows the sources, and a program that cannot be parsed spoils no other", () => {
    const broken = { "training/step2_reward_model_finetuning/main.py": "def (" };
    const one = readSources({ ...broken, [`${STEP_1}/main.py`]: main("parser.add_argument('--a')") });
    const other = readSources({ [`${STEP_1}/main.py`]: main("parser.add_argument('--b')") });
    expect(one.programs[STEP_1]).toHaveLength(1);
    expect(Object.keys(one.problems)).toEqual(["training/step2_reward_model_finetuning"]);
    expect(one.hash).not.toBe(other.hash);
  });

  it.skipIf(EXAMPLES === undefined)("agrees with the shipped list on the real checkout", () => {
    const given = EXAMPLES ?? "";
    const inner = join(given, "applications/DeepSpeed-Chat");
    const application = existsSync(inner) ? inner : given;
    const text = execFileSync(PYTHON, ["-I", PROGRAM, application], { encoding: "utf8" });
    const flags = parseCheckoutFlags(text)?.flags;
    const simple = (list: readonly { name: string; type: string; default: unknown }[] | null | undefined) =>
      (list ?? []).map(({ name, type, default: value }) => ({ name, type, default: value }));
    for (const stage of ["sft", "reward", "ppo"] as const) {
      const own = flags?.[stage]?.filter(({ isInstalled }) => !isInstalled);
      expect(simple(own), stage).toEqual(simple(FIELDS[stage]));
    }
    expect(readFileSync(PROGRAM, "utf8")).not.toMatch(/^import (?:torch|deepspeed)/m);
  });
});
