"use client";

import type { ApiError } from "@/components/hooks/api-error";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { UploadFields } from "./use-upload";

export interface UploadFieldInputsProps {
  fields: UploadFields;
  hasFixedName: boolean;
  error: ApiError | null;
  onChange: (field: keyof UploadFields, value: string) => void;
}

const FORMATS = [
  { value: "wrap", label: "Human: … Assistant: around those without" },
  { value: "keep", label: "keep prompts as they are" },
];
const COLUMNS = [
  { field: "promptColumn", label: "Prompt column", usual: "prompt, instruction, question" },
  { field: "chosenColumn", label: "Chosen column", usual: "chosen, output, response, answer" },
  { field: "rejectedColumn", label: "Rejected column", usual: "rejected; none: single answers" },
] as const;

export function UploadFieldInputs({ fields, hasFixedName, error, onChange }: UploadFieldInputsProps) {
  const input = (field: keyof UploadFields, inputMode: "text" | "decimal" = "text") => ({
    isMono: true,
    inputMode,
    autoComplete: "off",
    spellCheck: false,
    value: fields[field],
    onChange: (event: { target: { value: string } }) => onChange(field, event.target.value),
  });
  const errorOf = (field: keyof UploadFields) => error?.field(field) ?? null;
  return (
    <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2 lg:grid-cols-4">
      {!hasFixedName && (
        <Field
          label="Name"
          path="name"
          help="A name that is there gets a new version."
          error={errorOf("name")}
        >
          {(control) => <Input {...control} {...input("name")} />}
        </Field>
      )}
      <Field label="Prompts" path="promptFormat" error={errorOf("promptFormat")}>
        {(control) => (
          <Select
            {...control}
            options={FORMATS}
            value={fields.promptFormat}
            onValueChange={(value) => onChange("promptFormat", value)}
          />
        )}
      </Field>
      <Field
        label="Held back for evaluation"
        path="evalPercent"
        aside="%"
        help="Equal prompts stay on one side."
        error={errorOf("evalPercent")}
      >
        {(control) => <Input {...control} {...input("evalPercent", "decimal")} />}
      </Field>
      <Field label="Seed of the split" path="seed" error={errorOf("seed")}>
        {(control) => <Input {...control} {...input("seed", "decimal")} />}
      </Field>
      {COLUMNS.map(({ field, label, usual }) => (
        <Field key={field} label={label} path={field} help={`Usual names: ${usual}.`} error={errorOf(field)}>
          {(control) => <Input {...control} {...input(field)} placeholder="by its name" />}
        </Field>
      ))}
    </div>
  );
}
