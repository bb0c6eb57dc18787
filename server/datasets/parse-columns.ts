import type { DataColumns } from "../contracts/data-sets";
import type { FieldProblem } from "../contracts/errors";

/** Usual names, in small letters, the likeliest first. */
const NAMES = {
  prompt: ["prompt", "instruction", "question", "query"],
  context: ["input", "context"],
  chosen: [
    "chosen",
    "output",
    "response",
    "answer",
    "completion",
    "chosen_response",
    "messages",
    "conversations",
  ],
  rejected: ["rejected", "rejected_response", "reject"],
} as const;
/** Each of their values is a whole conversation, which holds its prompt. */
const CONVERSATIONS = new Set(["chosen", "messages", "conversations"]);

function knownName(role: keyof typeof NAMES, names: readonly string[]): string | null {
  return (
    NAMES[role]
      .map((alias) => names.find((name) => name.toLowerCase() === alias))
      .find((name) => name !== undefined) ?? null
  );
}

export interface ColumnChoice {
  promptColumn?: string | undefined;
  chosenColumn?: string | undefined;
  rejectedColumn?: string | undefined;
}

/** Which columns are prompt and answers: those that were named, else by their usual names. Pure. */
export function findColumns(
  names: readonly string[],
  choice: ColumnChoice,
): { columns: DataColumns } | { problems: FieldProblem[] } {
  const listed = `The file has the columns ${names.join(", ") || "(none)"}.`;
  const problems: FieldProblem[] = [];
  for (const [path, name] of Object.entries(choice)) {
    if (name !== undefined && !names.includes(name))
      problems.push({ path, message: `There is no column “${name}”. ${listed}` });
  }
  const known = (role: keyof typeof NAMES) => knownName(role, names);
  const chosen = choice.chosenColumn ?? known("chosen");
  const prompt = choice.promptColumn ?? known("prompt");
  if (chosen === null) {
    problems.push({
      path: "chosenColumn",
      message: `${listed} None has a usual name of the answer (${NAMES.chosen.join(", ")}): say which it is.`,
    });
  } else if (prompt === null && !CONVERSATIONS.has(chosen.toLowerCase())) {
    problems.push({
      path: "promptColumn",
      message: `${listed} None has a usual name of the prompt (${NAMES.prompt.join(", ")}): say which it is.`,
    });
  }
  if (problems.length > 0 || chosen === null) return { problems };
  const context = prompt !== null && choice.promptColumn === undefined ? known("context") : null;
  return { columns: { prompt, context, chosen, rejected: choice.rejectedColumn ?? known("rejected") } };
}

/**
 * A column of a later row that would have been its rejected answer or its context, had the first row had it; null: there is
 * none. Pure.
 */
export function lateColumn(
  values: Readonly<Record<string, unknown>>,
  { columns, choice }: { columns: DataColumns; choice: ColumnChoice },
): string | null {
  const { prompt, context, rejected } = columns;
  if (rejected !== null && context !== null) return null;
  const names = Object.keys(values).filter((name) => !isBlank(values[name]));
  const late = rejected === null ? knownName("rejected", names) : null;
  if (late !== null) return late;
  return context === null && prompt !== null && choice.promptColumn === undefined
    ? knownName("context", names)
    : null;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "string" && value.trim() === "");
}
