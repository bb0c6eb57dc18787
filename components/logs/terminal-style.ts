const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;
export type NamedColor = (typeof NAMES)[number];
/** The eight names follow the theme; 256 and true colours are what the program asked for. */
export type TerminalColor = NamedColor | `#${string}`;

export interface TerminalStyle {
  color: TerminalColor | null;
  background: TerminalColor | null;
  isBold: boolean;
  isDim: boolean;
  isUnderlined: boolean;
  isInverse: boolean;
}

export const PLAIN_STYLE: TerminalStyle = {
  color: null,
  background: null,
  isBold: false,
  isDim: false,
  isUnderlined: false,
  isInverse: false,
};

const FLAGS: Readonly<Record<number, Partial<TerminalStyle>>> = {
  0: PLAIN_STYLE,
  1: { isBold: true },
  2: { isDim: true },
  4: { isUnderlined: true },
  7: { isInverse: true },
  22: { isBold: false, isDim: false },
  24: { isUnderlined: false },
  27: { isInverse: false },
  39: { color: null },
  49: { background: null },
};

/** Select graphic rendition, ECMA-48 8.3.117; 38 and 48 also with colons, ITU T.416 13.1.8. Unknown codes change nothing. */
export function nextStyle(before: TerminalStyle, parameters: string): TerminalStyle {
  const groups = parameters.split(";").map((group) => group.split(":").map((code) => Number(code || "0")));
  const style = { ...before };
  for (let at = 0; at < groups.length; at += 1) {
    const [code = 0, ...rest] = groups[at] ?? [];
    if (code !== 38 && code !== 48) {
      Object.assign(style, code === 4 && rest[0] === 0 ? FLAGS[24] : simpleChange(code));
      continue;
    }
    const following = groups.slice(at + 1, at + 5).map(([one = 0]) => one);
    const color = rest.length > 0 ? extendedColor(withoutSpace(rest)) : extendedColor(following);
    if (rest.length === 0) at += following[0] === 5 ? 2 : 4;
    Object.assign(style, code === 38 ? { color } : { background: color });
  }
  return style;
}

function simpleChange(code: number): Partial<TerminalStyle> {
  const [tens, ones] = [Math.floor(code / 10), code % 10];
  const name = NAMES[ones];
  if (name !== undefined && (tens === 3 || tens === 9)) return { color: name };
  if (name !== undefined && (tens === 4 || tens === 10)) return { background: name };
  return FLAGS[code] ?? {};
}

/** With colons, a true colour may name a colour space first: 2::R:G:B. */
function withoutSpace(codes: number[]): number[] {
  return codes[0] === 2 && codes.length > 4 ? [2, ...codes.slice(2)] : codes;
}

function extendedColor([kind, ...values]: number[]): TerminalColor | null {
  const [first = 0, second = 0, third = 0] = values;
  if (kind === 2) return hex([first, second, third]);
  return kind === 5 ? paletteColor(first) : null;
}

/** xterm's 256 colours: 16 names, a cube of 6 × 6 × 6, and 24 greys. */
function paletteColor(index: number): TerminalColor | null {
  if (index < 16) return NAMES[index % 8] ?? null;
  if (index > 255) return null;
  if (index >= 232) return hex(Array(3).fill(8 + (index - 232) * 10));
  const cell = index - 16;
  return hex([cell / 36, (cell / 6) % 6, cell % 6].map((value) => CUBE[Math.floor(value)] ?? 0));
}

const CUBE = [0, 95, 135, 175, 215, 255];

function hex(channels: number[]): TerminalColor {
  const bytes = channels.map((value) => Math.min(255, value).toString(16).padStart(2, "0"));
  return `#${bytes.join("")}`;
}
