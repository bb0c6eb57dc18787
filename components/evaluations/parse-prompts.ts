import { z } from "zod";
import { toChatPrompt } from "./prompt-text";

const JsonPrompt = z.union([z.string(), z.object({ prompt: z.string() }).transform(({ prompt }) => prompt)]);
const JsonPrompts = z.array(JsonPrompt);

export interface ParseOptions {
  /** Prompts span lines and stand apart by empty ones. */
  areParagraphs: boolean;
  /** Plain questions get "Human: … Assistant:" around them. */
  isWrapped: boolean;
}

/**
 * Prompts out of pasted text: a JSON array or JSON lines of strings or of objects with a `prompt`, else one a line or one
 * a paragraph. Empty ones are left out.
 */
export function parsePrompts(text: string, { areParagraphs, isWrapped }: ParseOptions): string[] {
  const found = parseJson(text) ?? parseJsonLines(text) ?? text.split(areParagraphs ? /\n\s*\n/ : "\n");
  const prompts = found.map((prompt) => prompt.trim()).filter((prompt) => prompt !== "");
  return isWrapped ? prompts.map(toChatPrompt) : prompts;
}

function parseJson(text: string): string[] | null {
  if (!text.trimStart().startsWith("[")) return null;
  return JsonPrompts.safeParse(jsonOf(text)).data ?? null;
}

function parseJsonLines(text: string): string[] | null {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (!lines.every((line) => /^\s*["{]/.test(line))) return null;
  return JsonPrompts.safeParse(lines.map(jsonOf)).data ?? null;
}

function jsonOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // Text that only begins like JSON.
    return null;
  }
}
