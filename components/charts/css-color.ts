/** The value of colour tokens now, for canvases: "var(--sft)" or "--sft" → "#56b4e9". Read again when the theme changes. */
export function cssColor(token: string): string {
  const name = token.replace(/^var\(/, "").replace(/\)$/, "");
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** "#56b4e9", 0.3 → "#56b4e94d". Pure. */
export function withAlpha(hex: string, alpha: number): string {
  const byte = Math.round(Math.min(1, Math.max(0, alpha)) * 255);
  return `${hex}${byte.toString(16).padStart(2, "0")}`;
}
