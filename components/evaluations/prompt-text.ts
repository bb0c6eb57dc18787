const CHAT = /^Human:\s*([\s\S]*?)\s*Assistant:\s*$/;

/** The question inside DeepSpeed-Chat's "Human: … Assistant:"; other prompts as they are. */
export function questionOf(prompt: string): string {
  return CHAT.exec(prompt)?.[1] || prompt;
}

/** Wrapped as DeepSpeed-Chat's models were trained; what has a speaker already stays. */
export function toChatPrompt(text: string): string {
  return /^(?:Human|User|Assistant|System):/i.test(text) ? text : `Human: ${text} Assistant:`;
}
