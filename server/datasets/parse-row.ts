import type { DataColumns, DataRow } from "../contracts/data-sets";
import { splitConversation, textOfTurns } from "./parse-conversation";

export type ParsedRow = { row: DataRow; isWrapped: boolean } | { problem: string };
type Text = { text: string; isChat: boolean } | { problem: string };

/** One row as DeepSpeed-Chat's local/jsonfile reads it: prompt, chosen and rejected, without blanks around them. Pure. */
export function parseRow(
  values: Readonly<Record<string, unknown>>,
  { columns, promptFormat }: { columns: DataColumns; promptFormat: "wrap" | "keep" },
): ParsedRow {
  const chosen = textOf(values, columns.chosen);
  if ("problem" in chosen) return chosen;
  const rejected = columns.rejected === null ? null : textOf(values, columns.rejected);
  if (rejected !== null && "problem" in rejected) return rejected;
  const answers = columns.prompt === null || chosen.isChat ? conversations(chosen, rejected, columns) : null;
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
  };
}

function textOf(values: Readonly<Record<string, unknown>>, column: string): Text {
  const value = values[column];
  if (typeof value === "string") return { text: value, isChat: false };
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return { text: String(value), isChat: false };
  if (value === undefined || value === null)
    return { problem: `The column ${column} has no value. Give it one, or remove the row.` };
  const turns = Array.isArray(value) ? textOfTurns(value) : null;
  if (turns !== null) return { text: turns, isChat: true };
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
  chosen: { text: string },
  rejected: { text: string } | null,
  columns: DataColumns,
): { prompt: string; chosen: string; rejected: string | null } | { problem: string } {
  const wanted = splitConversation(chosen.text);
  if (wanted === null)
    return {
      problem: `The column ${columns.chosen} has no “Assistant:”, so where its answer begins is not known.`,
    };
  if (rejected === null) return { prompt: wanted.prompt, chosen: wanted.answer, rejected: null };
  const other = splitConversation(rejected.text);
  if (other === null)
    return {
      problem: `The column ${columns.rejected} has no “Assistant:”, so where its answer begins is not known.`,
    };
  if (other.prompt === wanted.prompt)
    return { prompt: wanted.prompt, chosen: wanted.answer, rejected: other.answer };
  return partedEarlier(chosen.text, rejected.text);
}

/** They went different ways before the last turn: the prompt ends at the last `Assistant:` that both share. */
function partedEarlier(
  chosen: string,
  rejected: string,
): { prompt: string; chosen: string; rejected: string } | { problem: string } {
  let shared = 0;
  while (shared < chosen.length && chosen[shared] === rejected[shared]) shared += 1;
  const both = splitConversation(chosen.slice(0, shared));
  if (both === null)
    return { problem: "Chosen and rejected answer different prompts. Give both the same beginning." };
  const from = chosen.slice(0, shared).lastIndexOf("Assistant:") + "Assistant:".length;
  return { prompt: both.prompt, chosen: chosen.slice(from).trim(), rejected: rejected.slice(from).trim() };
}

/** `Human: … Assistant:`, the format of every data set that DeepSpeed-Chat ships code for. */
function wrapPrompt(prompt: string): string {
  const begun = /^Human:/.test(prompt) ? prompt : `Human: ${prompt}`;
  return /Assistant:$/.test(begun) ? begun : `${begun} Assistant:`;
}
