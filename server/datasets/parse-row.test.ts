import { describe, expect, it } from "vitest";
import { parseRow } from "./parse-row";

const CHAT = { prompt: null, context: null, chosen: "messages", rejected: null };
const PAIR = { prompt: null, context: null, chosen: "chosen", rejected: "rejected" };
const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });
const SAYS = "Write “Assistant: yes” below.";

function parsed(values: Record<string, unknown>, columns: typeof CHAT | typeof PAIR) {
  const row = parseRow(values, { columns, promptFormat: "wrap" });
  if ("problem" in row) throw new Error(row.problem);
  return row;
}

describe("a chat", () => {
  it("is cut at its last answer, whatever words that holds", () => {
    const { row, isCut } = parsed({ messages: [user("Hi"), assistant(SAYS)] }, CHAT);
    expect(row).toEqual({ prompt: "Human: Hi Assistant:", chosen: SAYS, rejected: null });
    expect(isCut).toBe(false);
  });

  it("keeps earlier answers in its prompt", () => {
    const turns = [user("Hi"), assistant("Yes?"), user(SAYS), assistant("No: Assistant: yes")];
    expect(parsed({ messages: turns }, CHAT).row).toEqual({
      prompt: `Human: Hi Assistant: Yes? Human: ${SAYS} Assistant:`,
      chosen: "No: Assistant: yes",
      rejected: null,
    });
  });

  it("loses the turn that nobody answered, and says so", () => {
    const { row, isCut } = parsed({ messages: [user("Hi"), assistant("Hello"), user("Bye")] }, CHAT);
    expect(row).toEqual({ prompt: "Human: Hi Assistant:", chosen: "Hello", rejected: null });
    expect(isCut).toBe(true);
  });

  it("of questions alone has no answer", () => {
    const problem = "The column messages has no “Assistant:”, so where its answer begins is not known.";
    const values = { messages: [user(SAYS)] };
    expect(parseRow(values, { columns: CHAT, promptFormat: "wrap" })).toEqual({ problem });
  });

  it("as a prompt keeps its last question", () => {
    const columns = { prompt: "prompt", context: null, chosen: "chosen", rejected: null };
    const values = { prompt: [user("Hi"), assistant("Hello"), user("Bye")], chosen: "See you" };
    expect(parseRow(values, { columns, promptFormat: "wrap" })).toMatchObject({
      row: { prompt: "Human: Hi Assistant: Hello Human: Bye Assistant:", chosen: "See you" },
      isCut: false,
    });
  });
});

describe("two chats", () => {
  it("of one prompt may answer in words that look like a turn", () => {
    const values = {
      chosen: [user("Hi"), assistant(SAYS)],
      rejected: [user("Hi"), assistant("Assistant: no")],
    };
    expect(parsed(values, PAIR).row).toEqual({
      prompt: "Human: Hi Assistant:",
      chosen: SAYS,
      rejected: "Assistant: no",
    });
  });

  it("that part earlier are cut at the last answer that begins in both", () => {
    const begin = [user("Hi"), assistant(`${SAYS} One`), user("So?"), assistant("A")];
    const values = { chosen: begin, rejected: [user("Hi"), assistant(`${SAYS} Two`), user("Why?")] };
    const { row, isCut } = parsed(values, PAIR);
    expect(row).toEqual({
      prompt: "Human: Hi Assistant:",
      chosen: `${SAYS} One Human: So? Assistant: A`,
      rejected: `${SAYS} Two`,
    });
    expect(isCut).toBe(true);
  });

  it("that never agree are a problem", () => {
    const values = { chosen: [user("Hi"), assistant("A")], rejected: [user("Ho"), assistant("B")] };
    expect(parseRow(values, { columns: PAIR, promptFormat: "wrap" })).toHaveProperty("problem");
  });
});

it("a transcript in one text is cut at its last “Assistant:”", () => {
  const text = "\n\nHuman: Hi\n\nAssistant: Yes\n\nHuman: So?\n\nAssistant: A";
  expect(parsed({ messages: text }, CHAT).row).toMatchObject({
    prompt: "Human: Hi\n\nAssistant: Yes\n\nHuman: So?\n\nAssistant:",
    chosen: "A",
  });
});
