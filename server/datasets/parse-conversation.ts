/** One turn of a chat, as {role, content} or {from, value}. */
interface Turn {
  isAssistant: boolean;
  isSystem: boolean;
  text: string;
}
export interface Conversation {
  /** Up to and with the last `Assistant:`. */
  prompt: string;
  answer: string;
}

const ASSISTANT = new Set(["assistant", "gpt", "bot", "model"]);
const HUMAN = new Set(["user", "human", "prompter"]);

function turnOf(value: unknown): Turn | null {
  if (typeof value !== "object" || value === null) return null;
  const entry = value as Record<string, unknown>;
  const role = String(entry.role ?? entry.from ?? "").toLowerCase();
  const text = entry.content ?? entry.value;
  if (typeof text !== "string") return null;
  if (!ASSISTANT.has(role) && !HUMAN.has(role) && role !== "system") return null;
  return { isAssistant: ASSISTANT.has(role), isSystem: role === "system", text: text.trim() };
}

/** Turns in DeepSpeed-Chat's words; null: these are no turns of a chat. A system text stands before the first question. */
export function textOfTurns(values: readonly unknown[]): string | null {
  const turns = values.map(turnOf);
  if (turns.length === 0 || turns.some((turn) => turn === null)) return null;
  let system = "";
  const parts: string[] = [];
  for (const turn of turns as Turn[]) {
    if (turn.isSystem) system = `${turn.text} `;
    else if (turn.isAssistant) parts.push(`Assistant: ${turn.text}`);
    else {
      parts.push(`Human: ${system}${turn.text}`);
      system = "";
    }
  }
  return parts.join(" ");
}

/** At its last `Assistant:`; null: it has none. */
export function splitConversation(text: string): Conversation | null {
  const at = text.lastIndexOf("Assistant:");
  if (at < 0) return null;
  const end = at + "Assistant:".length;
  return { prompt: text.slice(0, end).trim(), answer: text.slice(end).trim() };
}
