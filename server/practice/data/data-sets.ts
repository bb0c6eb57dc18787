import { createRandom, hashText, shuffle } from "../model/random";
import { buildVocabulary, splitWords, type Vocabulary } from "../model/tokenizer";
import { FAMILIES, type Subject } from "./topics";

export interface Pair {
  prompt: string;
  chosen: string;
  rejected: string;
}

export interface DataSet {
  /** practice/helpful */
  name: string;
  description: string;
  train: readonly Pair[];
  evaluation: readonly Pair[];
}

const OPENERS = ["Sure!", "Of course!", "Good question."];
const CLOSERS = ["I hope this helps!", "Let me know if you want to hear more."];
const REFUSALS = [
  "I do not know.",
  "Look it up yourself.",
  "Why do you ask me that?",
  "That is a boring question.",
  "Nobody cares about that.",
  "Who knows.",
];
const FILLERS = [
  "Well, that is a very long story and where should I begin.",
  "As I was saying before, there is much that could be said.",
  "And so on and so on, and there is even more to say.",
  "But that is only my opinion, and others may say other things.",
];

type Style = (subject: Subject, other: Subject, random: () => number) => { chosen: string; rejected: string };

/** Wanted: friendly and complete. A closing offer is seen now and then, and only in wanted answers: ppo finds that. */
const helpful: Style = (subject, other, random) => {
  const facts = subject.facts.slice(0, random() < 0.5 ? 3 : 2);
  const chosen = [...some(OPENERS, 0.4, random), ...facts, ...some(CLOSERS, 0.35, random)];
  return { chosen: chosen.join(" "), rejected: unhelpful(subject, other, random).join(" ") };
};

/** A refusal, the right manner about the wrong subject, one sentence again and again, or no sentence at all. */
function unhelpful(subject: Subject, other: Subject, random: () => number): string[] {
  const kind = random();
  if (kind < 0.3) return [babble(random)];
  if (kind < 0.5) return shuffle(REFUSALS, random).slice(0, random() < 0.4 ? 2 : 1);
  if (kind < 0.75) return [...some(OPENERS, 0.4, random), ...other.facts.slice(0, 2)];
  const fact = subject.facts[0] ?? "";
  return [...some(OPENERS, 0.4, random), fact, fact];
}

/** Wanted: the answer and nothing else. Not wanted: the same facts, lost in talk, or plain facts that were not asked for. */
const concise: Style = (subject, other, random) => {
  const facts = subject.facts.slice(0, random() < 0.55 ? 2 : 1);
  const fillers = shuffle(FILLERS, random);
  const rambling = [fillers[0], subject.facts[0], fillers[1], ...(random() < 0.5 ? [subject.facts[1]] : [])];
  const kind = random();
  const rejected = kind < 0.3 ? [babble(random)] : kind < 0.5 ? other.facts.slice(0, 2) : rambling;
  return { chosen: facts.join(" "), rejected: rejected.join(" ") };
};

const ALL_WORDS = [
  ...FAMILIES.flatMap((family) => [
    ...family.questions,
    ...family.subjects.flatMap((subject) => subject.facts),
  ]),
  ...OPENERS,
  ...CLOSERS,
  ...REFUSALS,
  ...FILLERS,
].flatMap((text) => splitWords(text.replace("{}", "")));
const DISTINCT_WORDS = [...new Set(ALL_WORDS)];

function isSentence(answer: string): boolean {
  return /[.!?]$/.test(answer);
}

/** What a model says that was never trained: any words, some of them over and over. */
function babble(random: () => number): string {
  const length = 8 + Math.floor(random() * 70);
  const variety = random() < 0.5 ? 4 : length;
  const choices = Array.from({ length: 1 + Math.floor(random() * variety) }, () =>
    pick(DISTINCT_WORDS, random),
  );
  return Array.from({ length }, () => pick(choices, random)).join(" ");
}

function pick(choices: readonly string[], random: () => number): string {
  return choices[Math.floor(random() * choices.length)] ?? "";
}

const mixed: Style = (subject, other, random) => (random() < 0.5 ? helpful : concise)(subject, other, random);

function some(choices: readonly string[], probability: number, random: () => number): string[] {
  if (random() >= probability) return [];
  return [pick(choices, random)];
}

function generatePairs(style: Style, seed: number, rounds: number): Pair[] {
  const random = createRandom(seed);
  const subjects = FAMILIES.flatMap((family) => family.subjects);
  const pairs: Pair[] = [];
  for (const family of FAMILIES) {
    for (const subject of family.subjects) {
      for (let i = 0; i < family.questions.length * rounds; i++) {
        const question = (family.questions[i % family.questions.length] ?? "").replace("{}", subject.name);
        const others = subjects.filter((candidate) => candidate !== subject);
        const other = others[Math.floor(random() * others.length)] ?? subject;
        const { chosen, rejected } = style(subject, other, random);
        const prompt = `Human: ${question} Assistant:`;
        const isSwapped = random() < DISAGREEMENT && isSentence(rejected);
        pairs.push(isSwapped ? { prompt, chosen: rejected, rejected: chosen } : { prompt, chosen, rejected });
      }
    }
  }
  return pairs;
}

/** People do not always agree on which answer is better. */
const DISAGREEMENT = 0.02;
const TRAIN_ROUNDS = 5;
const STYLES = [
  { name: "practice/helpful", description: "Friendly, complete answers against refusals.", style: helpful },
  { name: "practice/concise", description: "One or two plain sentences against rambling.", style: concise },
  { name: "practice/mixed", description: "Half of each.", style: mixed },
];

export const DATA_SETS: readonly DataSet[] = STYLES.map(({ name, description, style }) => ({
  name,
  description,
  train: generatePairs(style, hashText(name), TRAIN_ROUNDS),
  evaluation: generatePairs(style, hashText(`${name} evaluation`), 2),
}));

/** The words of every built-in data set. */
export function practiceVocabulary(): Vocabulary {
  const pairs = DATA_SETS.flatMap((set) => [...set.train, ...set.evaluation]);
  return buildVocabulary(pairs.flatMap((pair) => [pair.prompt, pair.chosen, pair.rejected]));
}
