"use client";

import dynamic from "next/dynamic";
import { useCallback } from "react";
import { STAGE_LOOK } from "@/components/status/stage-table";
import { Skeleton } from "@/components/ui/skeleton";
import { Tab, TabPanel, Tabs, TabsList } from "@/components/ui/tabs";
import type { NodeView } from "@/server/contracts/nodes";
import type { RecipeView } from "@/server/contracts/recipes";
import type { StageKind } from "@/server/contracts/statuses";
import { type Draft, withField, withStage } from "./draft";
import { countText } from "./prepare-issues";
import type { PresetChange } from "./preset-changes";
import { StageForm, type StageFormProps } from "./stage-form";
import type { FieldViewState } from "./use-field-view";

const EvaluationForm = dynamic(() => import("./evaluation-form").then((module) => module.EvaluationForm), {
  loading: () => <Skeleton className="h-96 rounded-lg" />,
});

export interface RunPartsProps {
  recipe: RecipeView;
  draft: Draft;
  node: NodeView | null;
  part: string;
  setPart: (part: string) => void;
  changes: ReadonlyMap<StageKind, ReadonlyMap<string, PresetChange>>;
  /** Errors by path. */
  problems: ReadonlyMap<string, string>;
  /** Warnings by path. */
  doubts: ReadonlyMap<string, string>;
  fieldView: FieldViewState;
  change: (next: (now: Draft) => Draft) => void;
}

const NO_CHANGES: ReadonlyMap<string, PresetChange> = new Map();

/** One tab a stage, and the evaluation. A tab says when something in it is wrong. */
export function RunParts(props: RunPartsProps) {
  "use memo";
  const { recipe, draft, node, part, setPart, changes, problems, doubts, fieldView, change } = props;
  const marks = (prefix: string) => ({
    errors: countBelow(problems, prefix),
    warnings: countBelow(doubts, prefix),
  });
  return (
    <Tabs value={part} onValueChange={setPart} className="mt-2">
      <TabsList label="Parts of the run">
        {recipe.stages.map(({ kind }) => (
          <PartTab
            key={kind}
            value={kind}
            label={STAGE_LOOK[kind].label}
            short={STAGE_LOOK[kind].short}
            {...marks(`stages.${kind}.`)}
          />
        ))}
        <PartTab value="evaluation" label="Evaluation" short="evaluation" {...marks("evaluation.")} />
      </TabsList>
      {recipe.stages.map(({ kind, fields }) => (
        <TabPanel key={kind} value={kind}>
          <OneStage
            kind={kind}
            fields={fields}
            knownDataSets={recipe.knownDataSets}
            stage={draft.parameters.stages[kind]}
            node={node}
            changes={changes.get(kind) ?? NO_CHANGES}
            problems={problems}
            doubts={doubts}
            fieldView={fieldView}
            change={change}
          />
        </TabPanel>
      ))}
      <TabPanel value="evaluation">
        <EvaluationForm
          plan={draft.parameters.evaluation}
          problems={problems}
          onChange={(evaluation) =>
            change((now) => ({ ...now, parameters: { ...now.parameters, evaluation } }))
          }
        />
      </TabPanel>
    </Tabs>
  );
}

type OneStageProps = Omit<StageFormProps, "onField" | "onStage"> & Pick<RunPartsProps, "change">;

/** A stage's form with its way into the draft, the same function at every key: else all its fields are drawn anew. */
function OneStage({ change, ...props }: OneStageProps) {
  "use memo";
  const { kind } = props;
  const onField: StageFormProps["onField"] = useCallback(
    (name, value) => change((now) => withField(now, kind, name, value)),
    [change, kind],
  );
  return (
    <StageForm
      {...props}
      onField={onField}
      onStage={(changed) => change((now) => withStage(now, kind, changed))}
    />
  );
}

function countBelow(messages: ReadonlyMap<string, string>, prefix: string): number {
  return [...messages.keys()].filter((path) => path.startsWith(prefix)).length;
}

interface PartTabProps {
  value: string;
  label: string;
  /** On a phone. */
  short: string;
  errors: number;
  warnings: number;
}

function PartTab({ value, label, short, errors, warnings }: PartTabProps) {
  return (
    <Tab value={value}>
      <span className="max-sm:hidden">{label}</span>
      <span className="sm:hidden">{short}</span>
      <TabMark severity="error" count={errors} />
      <TabMark severity="warning" count={warnings} />
    </Tab>
  );
}

const MARK_CLASS = { error: "bg-bad text-bg", warning: "border border-warn text-warn" } as const;

function TabMark({ severity, count }: { severity: keyof typeof MARK_CLASS; count: number }) {
  if (count === 0) return null;
  const text = countText(severity, count);
  return (
    <span className={`num ml-1.5 rounded px-1 text-[11px] ${MARK_CLASS[severity]}`} title={text}>
      <span aria-hidden>{count}</span>
      <span className="sr-only">{text}</span>
    </span>
  );
}
