import { memo } from "react";
import { formatBytes } from "@/components/format/format-size";
import { cn } from "@/components/ui/cn";
import { highlightSpans } from "./highlight-spans";
import { hasFigures, levelOf } from "./log-level";
import { plainTerminalText, resolveTerminalText } from "./resolve-terminal-text";
import { spanStyle } from "./span-style";

export const LINE_HEIGHT = 18;

const LEVEL = { error: "text-bad", warning: "text-warn", info: "text-muted" } as const;

export interface LogLineProps {
  text: string;
  /** Bytes of the line that are not in `text`. */
  hiddenBytes?: number;
  /** Where the line begins in the file: what `onShowWhole` is called with. */
  offset?: number;
  onShowWhole?: (offset: number) => void;
  isCurrent?: boolean;
  /** What is searched for, to be marked. */
  query?: string;
}

export const LogLine = memo(function LogLine(props: LogLineProps) {
  const { text, hiddenBytes = 0, offset = 0, onShowWhole, isCurrent = false, query = "" } = props;
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
      {hiddenBytes > 0 && onShowWhole && (
        <button
          type="button"
          className="sticky left-3 mr-2 rounded bg-fg px-1.5 font-sans text-2xs text-bg leading-4"
          onClick={() => onShowWhole(offset)}
        >
          Show whole line, {formatBytes(hiddenBytes)} more
        </button>
      )}
      <LogText text={text} query={query} />
    </div>
  );
});

/** Text as a terminal shows it, with what is searched for marked. */
export function LogText({ text, query }: { text: string; query: string }) {
  return highlightSpans(resolveTerminalText(text), query).map(({ isMatch, ...span }, index) => {
    const Tag = isMatch ? "mark" : "span";
    return (
      <Tag
        // biome-ignore lint/suspicious/noArrayIndexKey: a span is its position
        key={index}
        className={isMatch ? "rounded-sm bg-fg text-bg" : undefined}
        style={isMatch ? undefined : spanStyle(span)}
      >
        {span.text}
      </Tag>
    );
  });
}
