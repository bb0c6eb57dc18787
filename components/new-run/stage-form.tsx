"use client";

import { ChevronRight } from "lucide-react";
import type { NodeView } from "@/server/contracts/nodes";
import type { FieldValue, RecipeField, RecipeView, StageParameters } from "@/server/contracts/recipes";
import type { StageKind } from "@/server/contracts/statuses";
import { EnvEditor } from "./env-editor";
import { GpuPicker } from "./gpu-picker";
import { groupFields } from "./group-fields";
import { RecipeFieldInput } from "./recipe-field-input";

export interface StageFormProps {
  kind: StageKind;
  fields: readonly RecipeField[];
  knownDataSets: RecipeView["knownDataSets"];
  stage: StageParameters;
  node: NodeView | null;
  problems: ReadonlyMap<string, string>;
  onField: (name: string, value: FieldValue) => void;
  onStage: (change: Partial<StageParameters>) => void;
}

export function StageForm(props: StageFormProps) {
  const { kind, fields, stage, node, problems, onStage } = props;
  const { basic, advanced, managed } = groupFields(fields);
  const at = (rest: string) => problems.get(`stages.${kind}.${rest}`) ?? null;
  return (
    <div className="flex flex-col gap-6">
      <GpuPicker node={node} stage={stage} error={at("gpuUuids") ?? at("gpuCount")} onChange={onStage} />
      {basic.map(({ section, fields: own }) => (
        <FieldGrid key={section} {...props} title={section} own={own} />
      ))}
      <div className="flex flex-col">
        {advanced.map(({ section, fields: own }) => (
          <Fold
            key={section}
            title={section}
            count={own.length}
            hasProblem={own.some((field) => at(`fields.${field.name}`) !== null)}
          >
            <FieldGrid {...props} own={own} />
          </Fold>
        ))}
        <Fold title="Set by Trainyard" count={managed.length} hasProblem={false}>
          <dl className="grid gap-x-6 gap-y-1.5 sm:grid-cols-2">
            {managed.map((field) => (
              <div key={field.name}>
                <dt className="num text-muted">{field.flag}</dt>
                <dd>{field.help}</dd>
              </div>
            ))}
          </dl>
        </Fold>
        <Fold
          title="Environment variables"
          count={Object.keys(stage.env).length}
          hasProblem={[...problems.keys()].some((path) => path.startsWith(`stages.${kind}.env.`))}
        >
          <EnvEditor
            env={stage.env}
            problemOf={(name) => at(`env.${name}`)}
            onChange={(env) => onStage({ env })}
          />
        </Fold>
      </div>
    </div>
  );
}

interface FieldGridProps extends StageFormProps {
  title?: string;
  own: readonly RecipeField[];
}

function FieldGrid({ kind, title, own, knownDataSets, stage, problems, onField }: FieldGridProps) {
  return (
    <section className="flex flex-col gap-2">
      {title !== undefined && <h3 className="font-semibold text-sm">{title}</h3>}
      <div className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
        {own.map((field) => (
          <RecipeFieldInput
            key={field.name}
            field={field}
            value={stage.fields[field.name]}
            error={problems.get(`stages.${kind}.fields.${field.name}`) ?? null}
            knownDataSets={knownDataSets}
            onChange={(value) => onField(field.name, value)}
          />
        ))}
      </div>
    </section>
  );
}

interface FoldProps {
  title: string;
  count: number;
  hasProblem: boolean;
  children: React.ReactNode;
}

/** Open by itself when something in it is wrong: an error must not hide. */
function Fold({ title, count, hasProblem, children }: FoldProps) {
  return (
    <details open={hasProblem || undefined} className="group border-t last:border-b">
      <summary className="flex h-10 cursor-pointer list-none items-center gap-2 rounded font-medium">
        <ChevronRight
          aria-hidden
          className="size-4 text-muted transition-transform duration-100 group-open:rotate-90"
        />
        {title}
        <span className="num text-muted">{count}</span>
        {hasProblem && <span className="text-bad text-xs">needs attention</span>}
      </summary>
      <div className="pt-1 pb-4 pl-6">{children}</div>
    </details>
  );
}
