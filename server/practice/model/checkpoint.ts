import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { practiceVocabulary } from "../data/data-sets";
import {
  createParameters,
  initialiseParameters,
  type ModelShape,
  PARAMETER_NAMES,
  type Parameters,
  parameterSizes,
  TINY_SHAPE,
} from "./parameters";
import { createTokenizer, type Tokenizer } from "./tokenizer";

/**
 * `pytorch_model.bin` of a practice checkpoint is not a torch file: the magic line, one line of JSON
 * ({ shape, tensors: [{ name, length }] }), then the tensors as little-endian float32 in that order.
 */
const MAGIC = "TRAINYARD-PRACTICE-WEIGHTS-1\n";
const MODEL_TYPE = "practice-tiny-lm";

export interface LoadedModel {
  parameters: Parameters;
  tokenizer: Tokenizer;
  isTrained: boolean;
}

export class CheckpointError extends Error {}

export function saveCheckpoint(
  directory: string,
  model: { parameters: Parameters; tokenizer: Tokenizer },
  options: { name: string; kind: "causal" | "reward" },
): void {
  mkdirSync(directory, { recursive: true });
  const { shape, flat, views } = model.parameters;
  const config = {
    _name_or_path: options.name,
    architectures: [options.kind === "causal" ? "PracticeForCausalLM" : "PracticeRewardModel"],
    model_type: MODEL_TYPE,
    vocab_size: shape.vocabularySize,
    hidden_size: shape.hiddenSize,
    embedding_size: shape.embeddingSize,
    window: shape.window,
    num_hidden_layers: 1,
    eos_token_id: model.tokenizer.endId,
    pad_token_id: model.tokenizer.padId,
    torch_dtype: "float32",
  };
  const tensors = PARAMETER_NAMES.map((name) => ({ name, length: views[name].length }));
  const head = Buffer.from(`${MAGIC}${JSON.stringify({ shape, tensors })}\n`);
  const weights = Buffer.from(flat.buffer, flat.byteOffset, flat.byteLength);
  writeFileSync(join(directory, "pytorch_model.bin"), Buffer.concat([head, weights]));
  writeFileSync(join(directory, "config.json"), `${JSON.stringify(config, null, 2)}\n`);
  const vocabulary = Object.fromEntries(model.tokenizer.words.map((word, id) => [word, id]));
  writeFileSync(join(directory, "vocab.json"), JSON.stringify(vocabulary));
}

/** A checkpoint directory, or any other name: an untrained tiny model whose weights the name decides. @throws CheckpointError */
export function loadModel(nameOrPath: string): LoadedModel {
  if (existsSync(nameOrPath) && statSync(nameOrPath).isDirectory()) return readCheckpoint(nameOrPath);
  if (/^[/.~]/.test(nameOrPath)) {
    throw new CheckpointError(
      `${nameOrPath} is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'`,
    );
  }
  const { words, counts } = practiceVocabulary();
  const tokenizer = createTokenizer(words);
  const shape = { vocabularySize: tokenizer.size, ...TINY_SHAPE };
  const parameters = initialiseParameters(shape, { name: nameOrPath, wordCounts: counts });
  return { parameters, tokenizer, isTrained: false };
}

export function readCheckpoint(directory: string): LoadedModel {
  const file = join(directory, "pytorch_model.bin");
  if (!existsSync(file)) throw new CheckpointError(`Cannot find model checkpoint at ${file}`);
  const bytes = readFileSync(file);
  if (bytes.subarray(0, MAGIC.length).toString("latin1") !== MAGIC) {
    throw new CheckpointError(
      `${file} was not written by a practice node: only its own checkpoints can be loaded here`,
    );
  }
  const headEnd = bytes.indexOf("\n", MAGIC.length);
  // Safe because the magic says that saveCheckpoint wrote it; the length is checked below.
  const { shape } = JSON.parse(bytes.subarray(MAGIC.length, headEnd).toString()) as { shape: ModelShape };
  const body = bytes.subarray(headEnd + 1);
  const expected = Object.values(parameterSizes(shape)).reduce((sum, size) => sum + size, 0) * 4;
  if (body.length !== expected)
    throw new CheckpointError(`${file} is ${body.length} bytes long, expected ${expected}`);
  const parameters = createParameters(shape);
  for (let i = 0; i < parameters.flat.length; i++) parameters.flat[i] = body.readFloatLE(i * 4);
  return { parameters, tokenizer: createTokenizer(readVocabulary(directory)), isTrained: true };
}

/** By id: JSON puts keys that look like numbers first. */
function readVocabulary(directory: string): string[] {
  const file = join(directory, "vocab.json");
  const content: unknown = JSON.parse(readFileSync(file, "utf8"));
  const words: string[] = [];
  for (const [word, id] of Object.entries(content ?? {})) {
    if (!Number.isInteger(id)) throw new CheckpointError(`${file} does not map words to numbers`);
    words[id] = word;
  }
  return words;
}
