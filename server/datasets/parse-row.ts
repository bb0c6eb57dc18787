import type { DataColumns, DataRow } from "../contracts/data-sets";
import {
  plainTranscript,
  splitConversation,
  splitWhereShared,
  type Transcript,
  transcriptOf,
} from "./parse-conversation";

export interface RowMarks {
  /** Its prompt was put into the form `Human: … Assistant:`. */
  isWrapped: boolean;
  /** Turns after its last answer were left out. */
  isCut: boolean;
}
export type ParsedRow = ({ row: DataRow } & RowMarks) | { problem: string };
type Text = Transcript | { problem: string };

/** One row as DeepSpeed-Chat's local/jsonfile reads it: prompt, chosen and rejected, without blanks around them. Pure. */
export function parseRow(
  values: Readonly<Record<string, unknown>>,
  { columns, promptFormat }: { columns: DataColumns; promptFormat: "wrap" | "keep" },
): ParsedRow {
  const chosen = textOf(values, columns.chosen);
  if ("problem" in chosen) return chosen;
  const rejected = columns.rejected === null ? null : textOf(values, columns.rejected);
  if (rejected !== null && "problem" in rejected) return rejected;
  const answers =
    columns.prompt === null || chosen.answersAt !== null ? conversations(chosen, rejected, columns) : null;
  if (answers !== null && "problem" in answers) return answers;
  const asked = columns.prompt === null ? null : promptOf(values, columns);
  if (asked !== null && "problem" in asked) return asked;
  const prompt = (asked?.text ?? answers?.prompt ?? "").trim();
  if (prompt === "")
    return {
      problem: `The prompt (${columns.prompt ?? columns.chosen}) is empty. Fill it in or remove the row.`,
    };
  const wrapped = promptFormat === "wrap" ? wrapPrompt(prompt) : prompt;
  return {
    row: {
      prompt: wrapped,
      chosen: (answers?.chosen ?? chosen.text).trim(),
      rejected: rejected === null ? null : (answers?.rejected ?? rejected.text).trim(),
    },
    isWrapped: wrapped !== prompt,
    isCut:
      answers !== null && [chosen, rejected].some((text) => text !== null && text.end < text.text.length),
  };
}

function textOf(values: Readonly<Record<string, unknown>>, column: string): Text {
  const value = values[column];
  if (typeof value === "string") return plainTranscript(value);
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return plainTranscript(String(value));
  if (value === undefined || value === null)
    return { problem: `The column ${column} has no value. Give it one, or remove the row.` };
  const chat = Array.isArray(value) ? transcriptOf(value) : null;
  if (chat !== null) return chat;
  return { problem: `The column ${column} holds neither text nor the turns of a chat ({role, content}).` };
}

function promptOf(values: Readonly<Record<string, unknown>>, columns: DataColumns): Text {
  const prompt = textOf(values, columns.prompt ?? "");
  const context = columns.context === null ? undefined : values[columns.context];
  if ("problem" in prompt || typeof context !== "string" || context.trim() === "") return prompt;
  return { ...prompt, text: `${prompt.text.trim()}\n${context.trim()}` };
}

/** Anthropic's format: both columns tell the whole conversation, equal up to the last answer. */
function conversations(
  chosen: Transcript,
  rejected: Transcript | null,
  columns: DataColumns,
): { prompt: string; chosen: string; rejected: string | null } | { problem: string } {
  const wanted = splitConversation(chosen);
  if (wanted === null) return noAnswer(columns.chosen);
  if (rejected === null) return { prompt: wanted.prompt, chosen: wanted.answer, rejected: null };
  const other = splitConversation(rejected);
  if (other === null) return noAnswer(columns.rejected);
  if (other.prompt === wanted.prompt)
    return { prompt: wanted.prompt, chosen: wanted.answer, rejected: other.answer };
  // They went different ways before the last turn.
  const parted = splitWhereShared(chosen, rejected);
  if (parted === null)
    return { problem: "Chosen and rejected answer different prompts. Give both the same beginning." };
  return { prompt: parted[0].prompt, chosen: parted[0].answer, rejected: parted[1].answer };
}

function noAnswer(column: string | null): { problem: string } {
  return { problem: `The column ${column} has no “Assistant:”, so where its answer begins is not known.` };
}

/** `Human: … Assistant:`, the format of every data set that DeepSpeed-Chat ships code for. */
function wrapPrompt(prompt: string): string {
  const begun = /^Human:/.test(prompt) ? prompt : `Human: ${prompt}`;
  return /Assistant:$/.test(begun) ? begun : `${begun} Assistant:`;
}
