import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DataError } from "./data-error";
import type { DataSet, Pair } from "./data-sets";

/**
 * `local/jsonfile`: data/train.json and data/eval.json beside the dschat folder that Python would import, which is the first
 * one on PYTHONPATH. @throws DataError in the words of the real program
 */
export function readLocalRows(pythonPath: string): DataSet {
  const folders = pythonPath.split(":").filter((entry) => entry !== "");
  const application = folders.find((folder) => existsSync(join(folder, "dschat")));
  if (application === undefined) throw new DataError("ModuleNotFoundError", "No module named 'dschat'");
  const file = (part: string) => join(resolve(application), "data", `${part}.json`);
  if (!existsSync(file("train")) || !existsSync(file("eval"))) {
    throw new DataError(
      "RuntimeError",
      "Please check both the train.json and eval.json files in your applications/DeepSpeed-Chat/data directory.",
    );
  }
  return {
    name: "local/jsonfile",
    description: "Rows of the run's own.",
    train: readPairs(file("train")),
    evaluation: readPairs(file("eval")),
  };
}

function readPairs(path: string): Pair[] {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.flatMap((line, index) =>
    line.trim() === "" ? [] : [readPair(line, `${path}, line ${index + 1}`)],
  );
}

/** A column that is not there is told when a stage reads it, as in the real program. */
function readPair(line: string, place: string): Pair {
  let row: Record<string, unknown>;
  try {
    row = JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new DataError("datasets.exceptions.DatasetGenerationError", `${place} is no JSON object.`);
  }
  const column = (name: keyof Pair): string => {
    const value = row[name];
    if (typeof value !== "string") throw new DataError("KeyError", `'${name}'`);
    return value;
  };
  return {
    get prompt() {
      return column("prompt");
    },
    get chosen() {
      return column("chosen");
    },
    get rejected() {
      return column("rejected");
    },
  };
}
