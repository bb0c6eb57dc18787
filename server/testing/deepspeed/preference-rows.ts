export interface PreferenceRow {
  prompt: string;
  chosen: string;
  rejected: string;
}

const ANIMALS = ["cat", "dog", "fox", "owl", "bee", "ant", "cow", "hen"];
const VERBS = ["eat", "like", "chase", "see", "find", "want"];
const THINGS = ["fish", "bones", "mice", "leaves"];

/** 192 rows, the same each time: the chosen answer is a sentence, the rejected one an evasion. */
export function preferenceRows(): PreferenceRow[] {
  return ANIMALS.flatMap((animal) =>
    VERBS.flatMap((verb) =>
      THINGS.map((thing) => ({
        prompt: `Human: What does the ${animal} ${verb}? Assistant:`,
        chosen: `The ${animal} does ${verb} ${thing}.`,
        rejected: `No ${thing}, no idea.`,
      })),
    ),
  );
}
