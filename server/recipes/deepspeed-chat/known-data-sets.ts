/** Names that the application's data_utils.py knows, and the practice node's own. */
export const KNOWN_DATA_SETS: readonly { name: string; note: string; repository?: string }[] = [
  { name: "Dahoas/rm-static", note: "English, 76,000 helpful answer pairs. The default." },
  { name: "Dahoas/full-hh-rlhf", note: "English, Anthropic's helpful and harmless pairs, 112,000" },
  { name: "Dahoas/synthetic-instruct-gptj-pairwise", note: "English, synthetic instructions, 33,000" },
  { name: "yitingxie/rlhf-reward-datasets", note: "English, mixed preference pairs, 76,000" },
  { name: "openai/webgpt_comparisons", note: "English, WebGPT's comparisons, 20,000" },
  { name: "stanfordnlp/SHP", note: "English, Reddit preferences, 349,000" },
  {
    name: "pvduy/sharegpt_alpaca_oa_vicuna_format",
    note: "English, no rejected answers: supervised fine-tuning only",
  },
  { name: "wangrui6/Zhihu-KOL", note: "Chinese, no rejected answers: supervised fine-tuning only" },
  { name: "Cohere/miracl-zh-queries-22-12", note: "Chinese, with rejected answers" },
  { name: "Hello-SimpleAI/HC3-Chinese", note: "Chinese, no rejected answers: supervised fine-tuning only" },
  {
    name: "mkqa-Chinese",
    note: "Chinese, no rejected answers: supervised fine-tuning only",
    repository: "mkqa",
  },
  {
    name: "mkqa-Japanese",
    note: "Japanese, no rejected answers: supervised fine-tuning only",
    repository: "mkqa",
  },
  { name: "Cohere/miracl-ja-queries-22-12", note: "Japanese, with rejected answers" },
  { name: "lmqg/qg_jaquad", note: "Japanese, no rejected answers: supervised fine-tuning only" },
  { name: "lmqg/qag_jaquad", note: "Japanese, no rejected answers: supervised fine-tuning only" },
  {
    name: "local/jsonfile",
    note: "data/train.json and data/eval.json inside the DeepSpeed-Chat folder on the node",
  },
  { name: "practice/helpful", note: "Practice node only: polite, complete answers" },
  { name: "practice/concise", note: "Practice node only: short answers" },
  { name: "practice/mixed", note: "Practice node only: both" },
];

/** Data sets without rejected answers: the reward model cannot learn from them. */
export const DATA_SETS_WITHOUT_PAIRS: ReadonlySet<string> = new Set(
  KNOWN_DATA_SETS.filter((set) => set.note.includes("no rejected answers")).map((set) => set.name),
);

/** Rows of the training split, as the hub lists them: what is not here is not known. */
export const TRAIN_ROWS: Readonly<Record<string, number>> = {
  "Dahoas/rm-static": 76_256,
  "Dahoas/full-hh-rlhf": 112_052,
  "Dahoas/synthetic-instruct-gptj-pairwise": 33_143,
  "yitingxie/rlhf-reward-datasets": 76_256,
  "openai/webgpt_comparisons": 19_578,
  "stanfordnlp/SHP": 348_718,
};
