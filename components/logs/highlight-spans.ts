import type { TerminalSpan } from "./resolve-terminal-text";

export interface HighlightedSpan extends TerminalSpan {
  isMatch: boolean;
}

/** Spans cut where a match begins and ends, also when it crosses colours. Case does not count. Pure. */
export function highlightSpans(spans: readonly TerminalSpan[], query: string): HighlightedSpan[] {
  const text = spans.map((span) => span.text).join("");
  const matches = matchesIn(text, query);
  const pieces: HighlightedSpan[] = [];
  let next = 0;
  let at = 0;
  for (const span of spans) {
    const end = at + span.text.length;
    const from = at;
    while (at < end) {
      const match = matches[next];
      const isMatch = match !== undefined && at >= match.start;
      const until = Math.min(end, isMatch ? match.end : (match?.start ?? end));
      pieces.push({ ...span, text: span.text.slice(at - from, until - from), isMatch });
      at = until;
      if (match !== undefined && at >= match.end) next += 1;
    }
  }
  return pieces;
}

function matchesIn(text: string, query: string): { start: number; end: number }[] {
  const [haystack, needle] = [text.toLowerCase(), query.toLowerCase()];
  // Lower case can be longer than what it stands for (İ); places would then be wrong.
  if (needle === "" || haystack.length !== text.length) return [];
  const matches: { start: number; end: number }[] = [];
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + needle.length)) {
    matches.push({ start: at, end: at + needle.length });
  }
  return matches;
}
