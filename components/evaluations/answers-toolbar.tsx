"use client";

import { Keyboard } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { Switch } from "@/components/ui/switch";
import type { EvaluationModel } from "@/server/contracts/evaluations";
import { SORTS } from "./answer-rows";
import type { AnswersView } from "./use-answers-view";

export interface AnswersToolbarProps {
  view: AnswersView;
  models: readonly EvaluationModel[];
  hasScores: boolean;
  shownCount: number;
  promptCount: number;
  onHelp: () => void;
}

/** What is shown of the answers, and in which order. */
export function AnswersToolbar(props: AnswersToolbarProps) {
  const { view, models, hasScores, shownCount, promptCount, onHelp } = props;
  const hasBaseline = models.some(({ key }) => key === "baseline");
  const rivals = models.filter(({ key }) => key !== "baseline");
  const by = models.find(({ key }) => key === view.by);
  const shownOptions = [
    { value: "all", label: "All prompts" },
    ...(hasScores && hasBaseline && by && by.key !== "baseline"
      ? [{ value: "lost", label: `${by.label} worse than the baseline` }]
      : []),
    { value: "marked", label: "Repeats itself or cut off" },
  ];
  return (
    <search className="mb-3 flex flex-wrap items-center gap-2">
      <span className="w-60 max-sm:w-full">
        <Input
          type="search"
          aria-label="Search prompts and answers"
          placeholder="Search prompts and answers"
          value={view.text}
          onChange={(event) => view.setText(event.target.value)}
        />
      </span>
      <span className="w-52 max-sm:w-full">
        <Select
          aria-label="Which prompts"
          options={shownOptions}
          value={shownOptions.some(({ value }) => value === view.shown) ? view.shown : "all"}
          onValueChange={view.setShown}
        />
      </span>
      {hasScores && (
        <>
          <Segmented
            label="Sort"
            value={view.sort}
            options={SORTS.map((sort) => ({ ...sort, isDisabled: sort.value === "gain" && !hasBaseline }))}
            onValueChange={view.setSort}
          />
          {rivals.length > 1 && (
            <span className="w-44">
              <Select
                aria-label="Model to sort by"
                options={rivals.map(({ key, label }) => ({ value: key, label: `by ${label}` }))}
                value={view.by}
                onValueChange={(key) => view.setBy(rivals.find((rival) => rival.key === key)?.key ?? view.by)}
              />
            </span>
          )}
        </>
      )}
      {hasBaseline && rivals.length > 0 && (
        <span className="flex items-center gap-2">
          <Switch id="differences" checked={view.isDiffOn} onCheckedChange={view.setDiff} />
          <label htmlFor="differences">Differences from the baseline</label>
        </span>
      )}
      <span className="ml-auto flex items-center gap-2 text-muted">
        <span aria-live="polite">
          <span className="num">{shownCount}</span> of <span className="num">{promptCount}</span> prompts
        </span>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          className="max-lg:hidden"
          onClick={onHelp}
        >
          <Keyboard />
        </Button>
      </span>
    </search>
  );
}
