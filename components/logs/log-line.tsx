import { memo } from "react";
import { cn } from "@/components/ui/cn";
import { hasFigures, levelOf } from "./log-level";
import { plainTerminalText, resolveTerminalText, type TerminalColor } from "./resolve-terminal-text";

export const LINE_HEIGHT = 18;

const COLOR = {
  black: "text-muted",
  red: "text-bad",
  green: "text-ok",
  yellow: "text-warn",
  blue: "text-sft-text",
  magenta: "text-reward-text",
  cyan: "text-sft-text",
  white: "text-fg",
} as const satisfies Record<TerminalColor, string>;

const LEVEL = { error: "text-bad", warning: "text-warn", info: "text-muted" } as const;

export interface LogLineProps {
  text: string;
  isCurrent?: boolean;
  /** What is searched for, to be marked. */
  query?: string;
}

export const LogLine = memo(function LogLine({ text, isCurrent = false, query = "" }: LogLineProps) {
  const plain = plainTerminalText(text);
  const level = levelOf(plain);
  return (
    <div
      className={cn(
        "h-[18px] whitespace-pre px-3",
        hasFigures(plain) ? "text-fg" : LEVEL[level],
        isCurrent && "bg-line",
      )}
    >
      {resolveTerminalText(text).map((span, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a span is its position
          key={index}
          className={
            cn(span.color && COLOR[span.color], span.isBold && "font-semibold", span.isDim && "text-muted") ||
            undefined
          }
        >
          <Marked text={span.text} query={query} />
        </span>
      ))}
    </div>
  );
});

function Marked({ text, query }: { text: string; query: string }) {
  const at = query === "" ? -1 : text.toLowerCase().indexOf(query.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <mark className="rounded-sm bg-fg text-bg">{text.slice(at, at + query.length)}</mark>
      <Marked text={text.slice(at + query.length)} query={query} />
    </>
  );
}
