"use client";

import dynamic from "next/dynamic";
import { useCallback, useMemo, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { copyText } from "@/components/ui/copy-button";
import { showToast } from "@/components/ui/toast";
import type { EvaluationView } from "@/server/contracts/evaluations";
import { type AnswerRow, filterRows, SORTS, sortRows } from "./answer-rows";
import { AnswersTable } from "./answers-table";
import { AnswersToolbar } from "./answers-toolbar";
import { KeyHints } from "./key-hints";
import { type CellPlace, useAnswerKeys } from "./use-answer-keys";
import { type AnswersView, useAnswersView } from "./use-answers-view";

const KeyHelpDialog = dynamic(() => import("./key-help-dialog").then((module) => module.KeyHelpDialog));

export interface AnswersPanelProps {
  evaluation: EvaluationView;
  rows: readonly AnswerRow[];
}

/** The answers with what is done to look at them. */
export function AnswersPanel({ evaluation, rows }: AnswersPanelProps) {
  const { models } = evaluation;
  const view = useAnswersView(models);
  const [current, setCurrent] = useState<CellPlace | null>(null);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const container = useRef<HTMLDivElement>(null);
  const { text, shown, sort, by } = view;
  const shownRows = useMemo(
    () => sortRows(filterRows(rows, { text, shown, by }), sort, by),
    [rows, text, shown, sort, by],
  );
  const hasScores = evaluation.hasRewardModel;
  useAnswerKeys(container, {
    promptOrder: shownRows.map(({ index }) => index),
    columnCount: models.length,
    current,
    acts: {
      d: () => view.setDiff(!view.isDiffOn),
      ...(hasScores ? { s: () => view.setSort(sortAfter(sort)) } : {}),
      c: () => void copyAnswer(evaluation, rows, current),
      "?": () => setHelpOpen(true),
      "/": () => container.current?.querySelector<HTMLInputElement>("input[type=search]")?.focus(),
    },
  });
  // The same function each time: cells that did not change are not drawn again.
  const onCurrentChange = useCallback((place: CellPlace) => setCurrent(place), []);
  return (
    <div ref={container}>
      <AnswersToolbar
        view={view}
        models={models}
        hasScores={hasScores}
        shownCount={shownRows.length}
        promptCount={rows.length}
        onHelp={() => setHelpOpen(true)}
      />
      {shownRows.length === 0 ? (
        <NothingShown view={view} />
      ) : (
        <AnswersTable
          evaluation={evaluation}
          rows={shownRows}
          isDiffOn={view.isDiffOn}
          current={current}
          onCurrentChange={onCurrentChange}
        />
      )}
      <KeyHints hasScores={hasScores} />
      {isHelpOpen && <KeyHelpDialog hasScores={hasScores} onClose={() => setHelpOpen(false)} />}
    </div>
  );
}

function NothingShown({ view }: { view: AnswersView }) {
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-lg border border-dashed px-4 py-6 text-muted">
      No prompt matches.
      <Button
        size="sm"
        onClick={() => {
          view.setText("");
          view.setShown("all");
        }}
      >
        Show all prompts
      </Button>
    </div>
  );
}

function sortAfter(sort: AnswersView["sort"]): AnswersView["sort"] {
  const at = SORTS.findIndex(({ value }) => value === sort);
  return SORTS[(at + 1) % SORTS.length]?.value ?? "order";
}

async function copyAnswer(evaluation: EvaluationView, rows: readonly AnswerRow[], current: CellPlace | null) {
  const model = current && evaluation.models[current.column];
  const text = model && rows[current.promptIndex]?.answers.get(model.key)?.text;
  if (!model || !text) {
    showToast({ tone: "bad", text: "Choose an answer first, with j, k, h and l." });
    return;
  }
  const isDone = await copyText(text);
  showToast(
    isDone
      ? { tone: "ok", text: `Copied the answer of ${model.label} to prompt ${current.promptIndex + 1}.` }
      : { tone: "bad", text: "The browser did not allow copying." },
  );
}
