"use client";

import { RotateCcw } from "lucide-react";
import { memo } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { Field, type FieldControlProps } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { FieldValue, RecipeField, RecipeView } from "@/server/contracts/recipes";
import { fieldText } from "./field-text";
import { ListInput } from "./list-input";
import type { PresetChange } from "./preset-changes";

export interface RecipeFieldInputProps {
  field: RecipeField;
  path: string;
  value: FieldValue | undefined;
  error: string | null;
  warning: string | null;
  /** It differs from the preset; null: it does not. */
  change: PresetChange | null;
  knownDataSets: RecipeView["knownDataSets"];
  /** A value of `undefined`: leave it to the program. */
  onField: (name: string, value: FieldValue | undefined) => void;
}

/**
 * One flag as a form field: its label, flag and help, the program's own default while nothing is set, a way back. Drawn
 * anew only when something of it changed: a key in one of a hundred fields leaves the others alone.
 */
export const RecipeFieldInput = memo(function RecipeFieldInput(props: RecipeFieldInputProps) {
  const { field, path, value, error, warning, change, onField } = props;
  const onChange = (next: FieldValue | undefined) => onField(field.name, next);
  const isWide = field.type === "list" || (field.type === "string" && field.section === "Model");
  return (
    <Field
      label={
        <>
          {change && (
            <span
              aria-hidden
              title={`The preset has ${change.beforeText}`}
              className="mr-1.5 inline-block size-1.5 rounded-full bg-fg align-middle"
            />
          )}
          {field.label}
        </>
      }
      help={
        field.isAbsent
          ? `The node’s own checkout has no such flag: leave it unset. ${field.help}`
          : field.help
      }
      error={error}
      warning={warning}
      isTypedInto
      path={path}
      aside={
        change ? (
          <button
            type="button"
            className="transition-calm inline-flex max-w-full items-center gap-1 rounded text-muted hover:text-fg"
            title={`Back to the preset's value: ${change.beforeText}`}
            onClick={() => onChange(change.before)}
          >
            <RotateCcw aria-hidden className="size-3 shrink-0" />
            <span className="sr-only">Reset {field.label} to</span>
            <span className="num truncate">{change.beforeText}</span>
          </button>
        ) : (
          <code className="num" title={field.flag}>
            {field.flag}
          </code>
        )
      }
      className={isWide ? "sm:col-span-2" : ""}
    >
      {(control) => <Control {...props} control={control} value={value} onChange={onChange} />}
    </Field>
  );
});

type ControlProps = Pick<RecipeFieldInputProps, "field" | "value" | "knownDataSets"> & {
  control: FieldControlProps;
  onChange: (value: FieldValue | undefined) => void;
};

function Control({ field, value, control, knownDataSets, onChange }: ControlProps) {
  switch (field.type) {
    case "boolean": {
      const isOn = value === undefined || value === null ? field.default === true : value === true;
      return (
        <span className="flex h-8 items-center gap-2">
          <Checkbox {...control} checked={isOn} onCheckedChange={(checked) => onChange(checked === true)} />
          <span aria-hidden className="text-muted">
            {isOn ? "on" : "off"}
          </span>
        </span>
      );
    }
    case "list": {
      const values = Array.isArray(value) ? value : Array.isArray(field.default) ? field.default : [];
      const known = field.name.includes("data_path") ? knownDataSets : [];
      return <ListInput {...control} label={field.label} values={values} known={known} onChange={onChange} />;
    }
    case "choice": {
      const options = (field.choices ?? []).map((choice) => ({ value: choice, label: choice }));
      const chosen = fieldText(value ?? field.default);
      return <Select {...control} options={options} isMono value={chosen} onValueChange={onChange} />;
    }
    default:
      return <TextControl field={field} value={value} control={control} onChange={onChange} />;
  }
}

function TextControl({ field, value, control, onChange }: Omit<ControlProps, "knownDataSets">) {
  const isNumber = field.type !== "string";
  return (
    <span className="relative">
      <Input
        {...control}
        isMono
        inputMode={isNumber ? "decimal" : "text"}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        className={field.unit === undefined ? "" : "pr-20"}
        value={fieldText(value)}
        placeholder={field.default === null ? "not set" : fieldText(field.default)}
        onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
      />
      {field.unit !== undefined && (
        <span
          aria-hidden
          className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-muted text-xs"
        >
          {field.unit}
        </span>
      )}
    </span>
  );
}
