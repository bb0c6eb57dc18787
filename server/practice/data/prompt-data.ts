import { createRandom, shuffle } from "../model/random";
import type { Tokenizer } from "../model/tokenizer";
import { DataError } from "./data-error";
import { DATA_SETS, type DataSet, type Pair } from "./data-sets";
import { readLocalRows } from "./local-rows";

/** Names that DeepSpeed-Chat itself has code for. They need a download, which a practice node does not do. */
const HUB_NAMES = [
  "Dahoas/rm-static",
  "Dahoas/full-hh-rlhf",
  "Dahoas/synthetic-instruct-gptj-pairwise",
  "yitingxie/rlhf-reward-datasets",
  "openai/webgpt_comparisons",
  "stanfordnlp/SHP",
  "pvduy/sharegpt_alpaca_oa_vicuna_format",
  "wangrui6/Zhihu-KOL",
  "Cohere/miracl-zh-queries-22-12",
  "Hello-SimpleAI/HC3-Chinese",
  "mkqa-Chinese",
  "mkqa-Japanese",
  "Cohere/miracl-ja-queries-22-12",
  "lmqg/qg_jaquad",
  "lmqg/qag_jaquad",
];

/** `pythonPath`: where `local/jsonfile` is looked for. @throws DataError */
export function findDataSet(name: string, pythonPath: string): DataSet {
  const found = DATA_SETS.find((set) => set.name === name);
  if (found !== undefined) return found;
  if (name.includes("local/jsonfile")) return readLocalRows(pythonPath);
  if (HUB_NAMES.some((known) => name.includes(known))) {
    throw new DataError(
      "datasets.exceptions.DatasetNotFoundError",
      `Dataset '${name}' doesn't exist on the Hub or cannot be accessed. A practice node has ${DATA_SETS.map((set) => set.name).join(", ")}.`,
    );
  }
  throw new DataError(
    "RuntimeError",
    `We do not have configs for dataset ${name}, but you can add it by yourself in raw_datasets.py.`,
  );
}

/** 1: sft, 2: reward, 3: ppo. Each sees its own share of a data set, as `--data_split` says. */
export type TrainPhase = 1 | 2 | 3;

/** The share of one phase: shuffle by seed, then cut in the proportions of `split` ("2,4,4"). */
export function phasePairs(pairs: readonly Pair[], split: string, phase: TrainPhase, seed: number): Pair[] {
  const parts = split.split(",").map(Number);
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (!(total > 0) || parts.some((part) => !(part >= 0)) || parts.length < phase) {
    throw new DataError("ValueError", `could not convert string to float: '${split}'`);
  }
  const cut = (count: number) =>
    Math.round((parts.slice(0, count).reduce((sum, part) => sum + part, 0) / total) * pairs.length);
  return shuffle(pairs, createRandom(seed)).slice(cut(phase - 1), cut(phase));
}

/** prompt + answer + end, at most `maxLength` tokens. */
export function encodeAnswer(
  tokenizer: Tokenizer,
  prompt: string,
  answer: string,
  maxLength: number,
): number[] {
  return [...tokenizer.encode(`${prompt} ${answer}`), tokenizer.endId].slice(0, maxLength);
}
