export const LOG_LEVELS = ["all", "warning", "error"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const ERROR =
  /\b(?:error|exception|traceback|fatal|killed|out of memory|segmentation fault|exits with return code)\b|Error:/i;
const WARNING = /\b(?:warn(?:ing)?|deprecated|overflow|skipping step)\b/i;

const FIGURES = /^(?:\[[^\]]*\] )*(?:epoch|ppl|average reward|chosen_last_scores|\*{5} evaluating)/i;

/** A line with the figures that people look for, among the many that only accompany them. */
export function hasFigures(text: string): boolean {
  return FIGURES.test(text);
}

/** What a line is, by its words: training scripts print levels in a dozen ways. */
export function levelOf(text: string): "error" | "warning" | "info" {
  if (ERROR.test(text)) return "error";
  return WARNING.test(text) ? "warning" : "info";
}

/** "warning" shows errors too. */
export function isShown(text: string, level: LogLevel): boolean {
  if (level === "all") return true;
  const own = levelOf(text);
  return own === "error" || (level === "warning" && own === "warning");
}
