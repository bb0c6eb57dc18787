"use client";

import { Checkbox } from "@/components/ui/checkbox";
import type { FieldControlProps } from "@/components/ui/field";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { FieldValue, RecipeField, RecipeView } from "@/server/contracts/recipes";
import { ListInput } from "./list-input";

export interface RecipeFieldInputProps {
  field: RecipeField;
  value: FieldValue | undefined;
  error: string | null;
  knownDataSets: RecipeView["knownDataSets"];
  onChange: (value: FieldValue) => void;
}

/** One flag as a form field: its label and help, and the program's own default while nothing is set. */
export function RecipeFieldInput({ field, value, error, knownDataSets, onChange }: RecipeFieldInputProps) {
  if (field.type === "boolean") {
    return <BooleanInput field={field} value={value} error={error} onChange={onChange} />;
  }
  const isWide = field.type === "list" || (field.type === "string" && field.section === "Model");
  return (
    <Field
      label={field.label}
      help={field.help}
      error={error}
      aside={field.unit ?? <code className="num">{field.flag}</code>}
      className={isWide ? "sm:col-span-2" : ""}
    >
      {(control) => (
        <Control
          field={field}
          value={value}
          control={control}
          knownDataSets={knownDataSets}
          onChange={onChange}
        />
      )}
    </Field>
  );
}

interface ControlProps extends Omit<RecipeFieldInputProps, "error"> {
  control: FieldControlProps;
}

function Control({ field, value, control, knownDataSets, onChange }: ControlProps) {
  if (field.type === "list") {
    const values = Array.isArray(value) ? value : Array.isArray(field.default) ? field.default : [];
    const known = field.name.includes("data_path") ? knownDataSets : [];
    return <ListInput {...control} label={field.label} values={values} known={known} onChange={onChange} />;
  }
  if (field.type === "choice") {
    const options = (field.choices ?? []).map((choice) => ({ value: choice, label: choice }));
    return (
      <Select
        {...control}
        options={options}
        value={String(value ?? field.default ?? "")}
        onValueChange={onChange}
      />
    );
  }
  return (
    <Input
      {...control}
      isMono
      inputMode={field.type === "string" ? "text" : "decimal"}
      autoComplete="off"
      spellCheck={false}
      value={value === undefined || value === null ? "" : String(value)}
      placeholder={field.default === null ? "not set" : String(field.default)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function BooleanInput({ field, value, error, onChange }: Omit<RecipeFieldInputProps, "knownDataSets">) {
  const isOn = value === undefined ? field.default === true : value === true;
  return (
    <Field
      label={field.label}
      help={field.help}
      error={error}
      aside={<code className="num">{field.flag}</code>}
    >
      {(control) => (
        <span className="flex h-8 items-center">
          <Checkbox {...control} checked={isOn} onCheckedChange={(checked) => onChange(checked === true)} />
        </span>
      )}
    </Field>
  );
}
