const PAD = "<pad>";
const UNKNOWN = "<unk>";
const END = "<|endoftext|>";
const SPECIAL = [PAD, UNKNOWN, END] as const;

const WORD = /Human:|Assistant:|[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu;

export interface Tokenizer {
  readonly words: readonly string[];
  readonly size: number;
  readonly padId: number;
  readonly unknownId: number;
  readonly endId: number;
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
}

export function splitWords(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** Word level. A word outside the vocabulary reads as `<unk>`. `words` begins with the three special tokens. */
export function createTokenizer(words: readonly string[]): Tokenizer {
  const ids = new Map(words.map((word, id) => [word, id]));
  const idOf = (special: string) => {
    const id = ids.get(special);
    if (id === undefined) throw new Error(`The vocabulary has no ${special}.`);
    return id;
  };
  const [padId, unknownId, endId] = [idOf(PAD), idOf(UNKNOWN), idOf(END)];
  return {
    words,
    size: words.length,
    padId,
    unknownId,
    endId,
    encode: (text) => splitWords(text).map((word) => ids.get(word) ?? unknownId),
    decode: (tokens) => joinWords(tokens.filter((id) => id >= SPECIAL.length).map((id) => words[id] ?? "")),
  };
}

export interface Vocabulary {
  words: string[];
  /** How often each word occurs, at least 1. */
  counts: number[];
}

export function buildVocabulary(texts: Iterable<string>): Vocabulary {
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const word of splitWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...SPECIAL, ...[...counts.keys()].sort()];
  return { words, counts: words.map((word) => counts.get(word) ?? 1) };
}

function joinWords(words: readonly string[]): string {
  let text = "";
  for (const word of words) text += text === "" || /^[.,!?;:)]$/.test(word) ? word : ` ${word}`;
  return text;
}
