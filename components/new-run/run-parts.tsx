"use client";

import { STAGE_LOOK } from "@/components/status/stage-table";
import { Tab, TabPanel, Tabs, TabsList } from "@/components/ui/tabs";
import type { NodeView } from "@/server/contracts/nodes";
import type { RecipeView } from "@/server/contracts/recipes";
import type { StageKind } from "@/server/contracts/statuses";
import { type Draft, withField, withStage } from "./draft";
import { EvaluationForm } from "./evaluation-form";
import type { PresetChange } from "./preset-changes";
import { StageForm } from "./stage-form";

export interface RunPartsProps {
  recipe: RecipeView;
  draft: Draft;
  node: NodeView | null;
  part: string;
  setPart: (part: string) => void;
  changes: ReadonlyMap<StageKind, ReadonlyMap<string, PresetChange>>;
  problems: ReadonlyMap<string, string>;
  change: (next: (now: Draft) => Draft) => void;
}

const NO_CHANGES: ReadonlyMap<string, PresetChange> = new Map();

/** One tab a stage, and the evaluation. A tab says when something in it is wrong. */
export function RunParts({ recipe, draft, node, part, setPart, changes, problems, change }: RunPartsProps) {
  const errorsIn = (prefix: string) => [...problems.keys()].filter((path) => path.startsWith(prefix)).length;
  return (
    <Tabs value={part} onValueChange={setPart} className="mt-2">
      <TabsList label="Parts of the run">
        {recipe.stages.map(({ kind }) => (
          <PartTab
            key={kind}
            value={kind}
            label={STAGE_LOOK[kind].label}
            short={STAGE_LOOK[kind].short}
            errors={errorsIn(`stages.${kind}.`)}
          />
        ))}
        <PartTab value="evaluation" label="Evaluation" short="evaluation" errors={errorsIn("evaluation.")} />
      </TabsList>
      {recipe.stages.map(({ kind, fields }) => (
        <TabPanel key={kind} value={kind}>
          <StageForm
            kind={kind}
            fields={fields}
            knownDataSets={recipe.knownDataSets}
            stage={draft.parameters.stages[kind]}
            node={node}
            changes={changes.get(kind) ?? NO_CHANGES}
            problems={problems}
            onField={(name, value) => change((now) => withField(now, kind, name, value))}
            onStage={(changed) => change((now) => withStage(now, kind, changed))}
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

interface PartTabProps {
  value: string;
  label: string;
  /** On a phone. */
  short: string;
  errors: number;
}

function PartTab({ value, label, short, errors }: PartTabProps) {
  return (
    <Tab value={value}>
      <span className="max-sm:hidden">{label}</span>
      <span className="sm:hidden">{short}</span>
      {errors > 0 && (
        <span className="num ml-1.5 rounded bg-bad px-1 text-[11px] text-bg" title={`${errors} to correct`}>
          {errors}
          <span className="sr-only"> to correct</span>
        </span>
      )}
    </Tab>
  );
}
