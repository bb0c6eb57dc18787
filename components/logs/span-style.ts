import type { CSSProperties } from "react";
import type { NamedColor, TerminalColor, TerminalStyle } from "./terminal-style";

/** The names take the theme's own colours, so that they can be read on both. */
const NAMED = {
  black: "var(--muted)",
  red: "var(--bad)",
  green: "var(--ok)",
  yellow: "var(--warn)",
  blue: "var(--sft-text)",
  magenta: "var(--reward-text)",
  cyan: "var(--series-0)",
  white: "var(--fg)",
} as const satisfies Record<NamedColor, string>;

/** How a span is drawn; undefined: as its line is. */
export function spanStyle(span: TerminalStyle): CSSProperties | undefined {
  const { isBold, isDim, isUnderlined } = span;
  const style: CSSProperties = {
    ...colorsOf(span),
    ...(isBold ? { fontWeight: 600 } : {}),
    ...(isDim ? { opacity: 0.7 } : {}),
    ...(isUnderlined ? { textDecoration: "underline" } : {}),
  };
  return Object.keys(style).length > 0 ? style : undefined;
}

function colorsOf({ color, background, isInverse }: TerminalStyle): CSSProperties {
  if (isInverse) {
    const [front, back] = [background ? solid(background) : "var(--bg)", color ? solid(color) : "var(--fg)"];
    return { color: front, background: back };
  }
  if (background === null) return color === null ? {} : { color: readable(color) };
  if (!isHex(background)) {
    const tint = `color-mix(in srgb, ${NAMED[background]} 26%, transparent)`;
    return { color: color === null ? "var(--fg)" : readable(color), background: tint };
  }
  return { color: color !== null && isHex(color) ? color : contrastOf(background), background };
}

/** A true colour was chosen for a dark screen: mixed with the text colour it is seen on a light one too. */
function readable(color: TerminalColor): string {
  return isHex(color) ? `color-mix(in oklab, ${color} 70%, var(--fg))` : NAMED[color];
}

function solid(color: TerminalColor): string {
  return isHex(color) ? color : NAMED[color];
}

function isHex(color: TerminalColor): color is `#${string}` {
  return color.startsWith("#");
}

/** Black or white, by the luma of ITU-R BT.601. */
function contrastOf(color: `#${string}`): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? "#000000" : "#ffffff";
}
