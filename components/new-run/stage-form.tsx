"use client";

import { Button } from "@/components/ui/button";
import { SearchInput } from "@/components/ui/search-input";
import { Segmented } from "@/components/ui/segmented";
import type { NodeView } from "@/server/contracts/nodes";
import type { FieldValue, RecipeField, RecipeView, StageParameters } from "@/server/contracts/recipes";
import type { StageKind } from "@/server/contracts/statuses";
import { EnvEditor } from "./env-editor";
import { FormSection } from "./form-section";
import { GpuPicker } from "./gpu-picker";
import { chooseFields } from "./group-fields";
import { ManagedFields } from "./managed-fields";
import type { PresetChange } from "./preset-changes";
import { RecipeFieldInput } from "./recipe-field-input";
import type { FieldViewState } from "./use-field-view";

export interface StageFormProps {
  kind: StageKind;
  fields: readonly RecipeField[];
  knownDataSets: RecipeView["knownDataSets"];
  stage: StageParameters;
  node: NodeView | null;
  /** What differs from the preset, by name. */
  changes: ReadonlyMap<string, PresetChange>;
  /** Errors by path. */
  problems: ReadonlyMap<string, string>;
  /** Warnings by path. */
  doubts: ReadonlyMap<string, string>;
  fieldView: FieldViewState;
  onField: (name: string, value: FieldValue | undefined) => void;
  onStage: (change: Partial<StageParameters>) => void;
}

/** GPUs, flags by section, environment, and what Trainyard sets itself. */
export function StageForm(props: StageFormProps) {
  "use memo";
  const { kind, fields, knownDataSets, stage, node, changes, problems, doubts, onField, onStage } = props;
  const { view, search, showAll } = props.fieldView;
  const path = `stages.${kind}`;
  const at = (rest: string) => problems.get(`${path}.${rest}`) ?? null;
  const doubtAt = (rest: string) => doubts.get(`${path}.${rest}`) ?? null;
  const groups = chooseFields(fields, {
    view,
    search,
    isChanged: (name) => changes.has(name),
    hasProblem: (name) => at(`fields.${name}`) !== null,
  });
  return (
    <div>
      <FormSection title="GPUs">
        <GpuPicker
          node={node}
          stage={stage}
          path={path}
          error={at("gpuUuids") ?? at("gpuCount")}
          warning={doubtAt("gpuUuids") ?? doubtAt("gpuCount")}
          onChange={onStage}
        />
      </FormSection>
      <FieldFilter fields={fields} changes={changes} {...props.fieldView} />
      {groups.map(({ section, fields: own }) => (
        <FormSection key={section} title={section}>
          <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
            {own.map((field) => (
              <RecipeFieldInput
                key={field.name}
                field={field}
                path={`${path}.fields.${field.name}`}
                value={stage.fields[field.name]}
                error={at(`fields.${field.name}`)}
                warning={doubtAt(`fields.${field.name}`)}
                change={changes.get(field.name) ?? null}
                knownDataSets={knownDataSets}
                onField={onField}
              />
            ))}
          </div>
        </FormSection>
      ))}
      {groups.length === 0 && <NoField search={search} onShowAll={showAll} />}
      <FormSection title="Environment">
        <EnvEditor
          env={stage.env}
          path={`${path}.env`}
          problemOf={(name) => at(`env.${name}`)}
          onChange={(env) => onStage({ env })}
        />
      </FormSection>
      <ManagedFields fields={fields} />
    </div>
  );
}

type FieldFilterProps = Pick<StageFormProps, "fields" | "changes"> & FieldViewState;

function FieldFilter({ fields, changes, view, setView, search, setSearch }: FieldFilterProps) {
  const all = fields.filter((field) => field.group !== "managed").length;
  return (
    <search className="flex flex-wrap items-center gap-3 border-t py-3">
      <Segmented
        label="Which parameters"
        value={view}
        options={[
          { value: "basic", label: "Basic" },
          { value: "all", label: `All ${all}` },
          { value: "changed", label: `Changed ${changes.size}` },
        ]}
        onValueChange={setView}
      />
      <SearchInput
        wrapperClassName="max-sm:w-full"
        aria-label="Search the parameters"
        placeholder="Search all flags"
        className="w-full sm:w-64"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
    </search>
  );
}

function NoField({ search, onShowAll }: { search: string; onShowAll: () => void }) {
  return (
    <p className="flex flex-wrap items-center gap-3 border-t py-4 text-muted">
      {search.trim() === ""
        ? "Nothing differs from the preset."
        : `No parameter has to do with “${search.trim()}”.`}
      <Button size="sm" onClick={onShowAll}>
        Show all parameters
      </Button>
    </p>
  );
}
