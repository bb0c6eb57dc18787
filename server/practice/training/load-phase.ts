import { mkdirSync } from "node:fs";
import { DataError } from "../data/data-error";
import type { Pair } from "../data/data-sets";
import { findDataSet, phasePairs, type TrainPhase } from "../data/prompt-data";
import type { TrainingLog } from "../output/log";
import { pythonList } from "../output/python-format";

interface DataArguments {
  data_path: string[];
  data_split: string;
  data_output_path: string;
  sft_only_data_path?: string[];
  seed: number | null;
}

/** The pairs of one phase from every data set named, with the lines that create_prompt_dataset prints. @throws DataError */
export function loadPhase(
  args: DataArguments,
  options: { phase: TrainPhase; log: TrainingLog; pythonPath: string },
): { train: Pair[]; evaluation: Pair[] } {
  const { phase, log } = options;
  mkdirSync(args.data_output_path, { recursive: true });
  log.print(`Creating prompt dataset ${pythonList(args.data_path)}, reload=False`);
  const loaded = { train: [] as Pair[], evaluation: [] as Pair[] };
  const sources = [
    ...args.data_path.map((name) => ({ name, split: args.data_split })),
    ...(args.sft_only_data_path ?? []).map((name) => ({ name, split: "10,0,0" })),
  ];
  for (const { name, split } of sources) {
    const set = findDataSet(name, options.pythonPath);
    for (const kind of ["train", "evaluation"] as const) {
      const pairs = phasePairs(set[kind], split, phase, args.seed ?? 0);
      const filtered = phase === 3 ? " filtered=0" : "";
      log.print(
        `Creating dataset ${cleanName(name)} for train_phase=${phase} size=${pairs.length}${filtered}`,
      );
      loaded[kind].push(...pairs);
    }
  }
  if (loaded.train.length === 0) {
    throw new DataError(
      "ValueError",
      "num_samples should be a positive integer value, but got num_samples=0",
    );
  }
  return loaded;
}

/** dataset_name_clean of the program's data sets. */
function cleanName(name: string): string {
  return name.includes("local/jsonfile") ? "jsonfile" : name.replaceAll(/[/-]/g, "_");
}
