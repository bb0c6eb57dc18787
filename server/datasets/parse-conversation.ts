/** One turn of a chat, as {role, content} or {from, value}. */
interface Turn {
  isAssistant: boolean;
  isSystem: boolean;
  text: string;
}
/** A conversation in DeepSpeed-Chat's words. */
export interface Transcript {
  text: string;
  /** Of a chat: where the text of each answer begins, after its `Assistant:`. null: only the words tell. */
  answersAt: readonly number[] | null;
  /** Where the last answer ends; turns of people may follow. */
  end: number;
}
export interface Conversation {
  /** Up to and with the last `Assistant:`. */
  prompt: string;
  answer: string;
}

const MARK = "Assistant:";

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

/** null: these are no turns of a chat. A system text stands before the first question. */
export function transcriptOf(values: readonly unknown[]): Transcript | null {
  const turns = values.map(turnOf);
  if (turns.length === 0 || turns.some((turn) => turn === null)) return null;
  let system = "";
  let text = "";
  let end = 0;
  const answersAt: number[] = [];
  for (const turn of turns as Turn[]) {
    if (turn.isSystem) {
      system = `${turn.text} `;
      continue;
    }
    const begin = text === "" ? "" : `${text} `;
    if (turn.isAssistant) {
      answersAt.push(begin.length + MARK.length);
      text = `${begin}${MARK} ${turn.text}`;
      end = text.length;
    } else {
      text = `${begin}Human: ${system}${turn.text}`;
      system = "";
    }
  }
  return { text, answersAt, end };
}

/** A text that was written as one, such as Anthropic's. */
export function plainTranscript(text: string): Transcript {
  return { text, answersAt: null, end: text.length };
}

/** At its last answer; null: it has none. */
export function splitConversation({ text, answersAt, end }: Transcript): Conversation | null {
  const at = answersAt === null ? afterLastMark(text) : answersAt.at(-1);
  return at === undefined ? null : splitAt(at, text.slice(0, end));
}

/** At the last answer that begins where both are still the same; null: none does. */
export function splitWhereShared(one: Transcript, other: Transcript): [Conversation, Conversation] | null {
  let shared = 0;
  while (shared < one.text.length && one.text[shared] === other.text[shared]) shared += 1;
  const at =
    one.answersAt === null || other.answersAt === null
      ? afterLastMark(one.text.slice(0, shared))
      : one.answersAt.findLast((start) => start <= shared && other.answersAt?.includes(start));
  if (at === undefined) return null;
  return [splitAt(at, one.text.slice(0, one.end)), splitAt(at, other.text.slice(0, other.end))];
}

function afterLastMark(text: string): number | undefined {
  const at = text.lastIndexOf(MARK);
  return at < 0 ? undefined : at + MARK.length;
}

function splitAt(at: number, text: string): Conversation {
  return { prompt: text.slice(0, at).trim(), answer: text.slice(at).trim() };
}
