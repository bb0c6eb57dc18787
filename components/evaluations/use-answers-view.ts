"use client";

import { useUrlState } from "@/components/hooks/use-url-state";
import type { EvaluationModel, ModelKey } from "@/server/contracts/evaluations";
import { SHOWN, type Shown, SORTS, type Sort } from "./answer-rows";

export interface AnswersView {
  text: string;
  setText: (text: string) => void;
  shown: Shown;
  setShown: (shown: string) => void;
  sort: Sort;
  setSort: (sort: Sort) => void;
  /** Whose scores sorting and filtering look at. */
  by: ModelKey;
  setBy: (key: ModelKey) => void;
  isDiffOn: boolean;
  setDiff: (isOn: boolean) => void;
}

/** How the answers are looked at, kept in the address. */
export function useAnswersView(models: readonly EvaluationModel[]): AnswersView {
  const [text, setText] = useUrlState("find", "");
  const [shown, setShown] = useUrlState("show", "all");
  const [sort, setSort] = useUrlState("sort", "order");
  const [by, setBy] = useUrlState("by", modelOfInterest(models));
  const [differences, setDifferences] = useUrlState("diff", "on");
  return {
    text,
    setText,
    shown: SHOWN.find((one) => one === shown) ?? "all",
    setShown,
    sort: SORTS.find(({ value }) => value === sort)?.value ?? "order",
    setSort,
    by: models.find(({ key }) => key === by)?.key ?? modelOfInterest(models),
    setBy,
    isDiffOn: differences !== "off",
    setDiff: (isOn) => setDifferences(isOn ? "on" : "off"),
  };
}

/** The model that is looked at when nobody chose: what the whole run was for. */
function modelOfInterest(models: readonly EvaluationModel[]): ModelKey {
  const wanted = ["actor", "actor_ema", "sft"] as const;
  return wanted.find((key) => models.some((model) => model.key === key)) ?? "baseline";
}
