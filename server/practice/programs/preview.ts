import { DATA_SETS, type DataSet } from "../data/data-sets";
import { writeFully } from "../output/log";

/** argv: the practice directory, a data set's name, rows of each part. The lines are those of scripts/preview-data.py. */
const [, name = "", rows = "0"] = process.argv.slice(2);

const say = (line: Readonly<Record<string, unknown>>) => writeFully(1, `${JSON.stringify(line)}\n`);

const found = DATA_SETS.find((set) => set.name === name);
if (found === undefined) {
  const known = DATA_SETS.map((set) => set.name);
  say({ type: "failure", code: "practice", part: null, known });
} else {
  say({ type: "source", kind: "practice" });
  sayPart(found, "train");
  sayPart(found, "eval");
}
say({ type: "end" });

function sayPart({ train, evaluation }: DataSet, part: "train" | "eval"): void {
  const pairs = part === "train" ? train : evaluation;
  const shown = pairs.slice(0, Number(rows));
  say({ type: "part", part, total: pairs.length, isExact: true, isShare: false });
  say({ type: "columns", part, columns: ["prompt", "chosen", "rejected"] });
  for (const [index, pair] of shown.entries()) {
    const uses = { sft: true, reward: true, ppo: true };
    say({ type: "row", part, place: `row ${index + 1}`, isCut: false, uses, ...pair });
  }
  if (shown.length === pairs.length) say({ type: "whole", part });
}
