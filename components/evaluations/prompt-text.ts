const CHAT = /^(Human:\s*)([\s\S]*?)(\s*Assistant:\s*)$/;

export interface PromptParts {
  before: string;
  question: string;
  after: string;
}

/** DeepSpeed-Chat's "Human: … Assistant:" and the question between them; other prompts are all question. */
export function promptParts(prompt: string): PromptParts {
  const [, before = "", question = "", after = ""] = CHAT.exec(prompt) ?? [];
  return question === "" ? { before: "", question: prompt, after: "" } : { before, question, after };
}

export function questionOf(prompt: string): string {
  return promptParts(prompt).question;
}

/** Wrapped as DeepSpeed-Chat's models were trained; what has a speaker already stays. */
export function toChatPrompt(text: string): string {
  return /^(?:Human|User|Assistant|System):/i.test(text) ? text : `Human: ${text} Assistant:`;
}
