"use client";

import { memo, useState } from "react";
import { useIsSeen } from "@/components/hooks/use-is-seen";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button";
import type { EvaluationModel, EvaluationView } from "@/server/contracts/evaluations";
import { isTerminal } from "@/server/contracts/statuses";
import { AnswerCell } from "./answer-cell";
import { type AnswerRow, gainOf } from "./answer-rows";
import { markOf } from "./format-score";
import { ModelChip } from "./model-chip";
import { modelPlace } from "./model-place";
import { promptParts } from "./prompt-text";
import type { CellPlace } from "./use-answer-keys";

export interface AnswersTableProps {
  evaluation: EvaluationView;
  /** Those that are shown, in their order. */
  rows: readonly AnswerRow[];
  isDiffOn: boolean;
  /** The cell that the Tab key comes to. */
  current: CellPlace | null;
  onCurrentChange: (place: CellPlace) => void;
}

/** A row per prompt, a column per model; below 1024 px a card per answer. */
export function AnswersTable({ evaluation, rows, isDiffOn, current, onCurrentChange }: AnswersTableProps) {
  const { models, status, hasRewardModel, settings } = evaluation;
  const isActive = !isTerminal(status);
  const hasCurrent = rows.some(({ index }) => index === current?.promptIndex);
  // While answers grow, rows keep the height that they will need, so that nothing below them moves.
  const reservedLines = Math.min(10, Math.max(3, Math.ceil((settings.maxNewTokens * models.length) / 30)));
  return (
    <table
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table whose cells take the focus
      role="grid"
      aria-label="Answers"
      className="panel w-full table-fixed border-separate border-spacing-0 text-left max-lg:block"
      style={{ ["--reserved" as string]: isActive ? `${reservedLines * 20}px` : "0px" }}
    >
      <thead className="max-lg:hidden">
        <tr>
          <ColumnHeader className="w-[220px] font-normal text-muted">prompt</ColumnHeader>
          {models.map((model) => (
            <ColumnHeader key={model.key} className="border-l">
              <span className="flex items-baseline gap-2">
                <ModelChip modelKey={model.key} label={model.label} className="font-semibold" />
                <span className="num min-w-0 truncate font-normal text-muted" title={model.path}>
                  {modelPlace(model.path)}
                </span>
              </span>
            </ColumnHeader>
          ))}
        </tr>
      </thead>
      <tbody className="max-lg:block">
        {rows.map((row, place) => (
          <PromptRow
            key={row.index}
            row={row}
            models={models}
            isDiffOn={isDiffOn}
            isActive={isActive}
            isScored={hasRewardModel}
            isFirst={place === 0}
            currentColumn={currentColumn(row, place, { current, hasCurrent })}
            onCurrentChange={onCurrentChange}
          />
        ))}
      </tbody>
    </table>
  );
}

function currentColumn(
  row: AnswerRow,
  place: number,
  { current, hasCurrent }: { current: CellPlace | null; hasCurrent: boolean },
): number | null {
  if (current !== null && hasCurrent) return row.index === current.promptIndex ? current.column : null;
  return place === 0 ? 0 : null;
}

function ColumnHeader({ className, children }: { className: string; children: React.ReactNode }) {
  return (
    <th
      scope="col"
      className={cn(
        "sticky top-12 z-10 h-10 overflow-hidden border-b bg-panel px-3.5 first:rounded-tl-lg last:rounded-tr-lg",
        className,
      )}
    >
      {children}
    </th>
  );
}

interface PromptRowProps {
  row: AnswerRow;
  models: readonly EvaluationModel[];
  isDiffOn: boolean;
  isActive: boolean;
  isScored: boolean;
  isFirst: boolean;
  currentColumn: number | null;
  onCurrentChange: (place: CellPlace) => void;
}

const PromptRow = memo(function PromptRow(props: PromptRowProps) {
  const { row, models, isDiffOn, isActive, isScored, isFirst, currentColumn, onCurrentChange } = props;
  const [element, isSeen] = useIsSeen<HTMLTableRowElement>();
  const [isUnfolded, setUnfolded] = useState(false);
  const baseline = row.answers.get("baseline")?.text ?? null;
  const number = row.index + 1;
  const { before, question, after } = promptParts(row.prompt);
  const edge = isFirst ? "" : "border-line-faint border-t";
  return (
    <tr ref={element} className="max-lg:block">
      <th
        scope="row"
        className={cn(
          "group/cell relative px-3.5 py-3 align-top font-normal max-lg:block max-lg:bg-fill/50 max-lg:pr-10",
          edge,
        )}
        title={row.prompt}
      >
        <span className="whitespace-pre-wrap break-words text-muted max-lg:text-fg">
          <span className="num mr-2 text-muted">{number}</span>
          <span className="sr-only">{before}</span>
          {question}
          <span className="sr-only">{after}</span>
        </span>
        <span className="absolute top-1 right-1 rounded-md lg:top-auto lg:bg-panel lg:bottom-1 lg:opacity-0 lg:focus-within:opacity-100 lg:group-hover/cell:opacity-100">
          <CopyButton text={row.prompt} label={`Copy prompt ${number}`} />
        </span>
      </th>
      {models.map((model, column) => {
        const answer = row.answers.get(model.key);
        const isBaseline = model.key === "baseline";
        return (
          <td
            key={model.key}
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: what a td is in a grid
            role="gridcell"
            tabIndex={currentColumn === column ? 0 : -1}
            data-cell={`${row.index} ${column}`}
            onFocus={(event) => {
              if (event.target === event.currentTarget) onCurrentChange({ promptIndex: row.index, column });
            }}
            className={cn(
              "group/cell relative h-[calc(var(--reserved)+48px)] px-3.5 py-3 align-top -outline-offset-2 scroll-mt-24 scroll-mb-16 max-lg:block max-lg:h-auto max-lg:min-h-[calc(var(--reserved)+48px)] lg:border-line-faint lg:border-l",
              edge,
              isFirst && "max-lg:border-line-faint max-lg:border-t",
            )}
          >
            <AnswerCell
              model={model}
              promptNumber={number}
              answer={answer}
              baseline={isBaseline ? null : baseline}
              isDiffOn={isDiffOn && isSeen}
              mark={markOf(answer, row.answers.values())}
              gain={isBaseline ? null : gainOf(row, model.key)}
              isActive={isActive}
              isScored={isScored}
              isUnfolded={isUnfolded}
              onUnfold={setUnfolded}
            />
          </td>
        );
      })}
    </tr>
  );
});
