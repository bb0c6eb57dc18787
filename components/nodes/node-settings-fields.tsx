import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import type { NodeFieldsProps } from "./node-form-fields";

const PATHS = [
  { key: "examplesDirectory", label: "DeepSpeedExamples", help: "Found in the home directory when empty." },
  { key: "virtualEnvironment", label: "Virtual environment", help: "Its bin/ goes first on PATH." },
  {
    key: "workDirectory",
    label: "Work directory",
    help: "Attempts and outputs go there; ~/.trainyard when empty.",
  },
  {
    key: "evaluationProgram",
    label: "Evaluation program",
    help: "On the node, instead of the one that we send.",
  },
] as const;

export interface NodeSettingsFieldsProps extends NodeFieldsProps {
  /** Unfolded from the start, for whoever came for one of them. */
  isUnfolded?: boolean;
}

/** What most nodes never need: folded away. */
export function NodeSettingsFields({
  values,
  errors,
  onChange,
  isUnfolded = false,
}: NodeSettingsFieldsProps) {
  const hasError = Object.keys(errors).some((path) => path.startsWith("settings"));
  return (
    <details className="rounded-lg border px-3 py-2" open={hasError || isUnfolded || undefined}>
      <summary className="rounded font-medium">Paths, price and environment</summary>
      <div className="mt-3 grid gap-x-4 gap-y-3 sm:grid-cols-2">
        {PATHS.map(({ key, label, help }) => (
          <Field key={key} label={label} help={help} error={errors[`settings.${key}`] ?? null}>
            {(control) => (
              <Input
                {...control}
                isMono
                spellCheck={false}
                placeholder={key === "evaluationProgram" ? "trainyard-evaluate" : "~/…"}
                value={values[key]}
                onChange={(event) => onChange({ [key]: event.target.value })}
              />
            )}
          </Field>
        ))}
        <Field
          label="Price per GPU hour"
          help="For what runs here cost, in any one currency. Nothing is shown when empty."
          error={errors["settings.pricePerGpuHour"] ?? null}
        >
          {(control) => (
            <Input
              {...control}
              isMono
              inputMode="decimal"
              placeholder="4.02"
              value={values.pricePerGpuHour}
              onChange={(event) => onChange({ pricePerGpuHour: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Environment variables"
          className="sm:col-span-2"
          help="One NAME=value a line, for every attempt on this node. Values of names such as HF_TOKEN are stored as typed and never shown again; [secret] keeps what is stored."
          error={errors["settings.env"] ?? null}
        >
          {(control) => (
            <Textarea
              {...control}
              isMono
              rows={3}
              spellCheck={false}
              placeholder="HF_HOME=/data/huggingface"
              value={values.env}
              onChange={(event) => onChange({ env: event.target.value })}
            />
          )}
        </Field>
      </div>
    </details>
  );
}
