"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { GenerationSettings } from "@/server/contracts/evaluations";

interface GenerationField {
  name: keyof GenerationSettings;
  label: string;
  help: string;
  step: number;
  /** Greedy generation draws nothing: it has no use for this. */
  isForSampling: boolean;
}

const GENERATION: readonly GenerationField[] = [
  {
    name: "maxNewTokens",
    label: "New tokens",
    help: "At most so many an answer.",
    step: 1,
    isForSampling: false,
  },
  {
    name: "temperature",
    label: "Temperature",
    help: "0 is greedy: the likeliest token each time.",
    step: 0.1,
    isForSampling: false,
  },
  {
    name: "repetitionPenalty",
    label: "Repetition penalty",
    help: "1 is none.",
    step: 0.05,
    isForSampling: false,
  },
  { name: "topP", label: "Top p", help: "1 leaves every token in.", step: 0.05, isForSampling: true },
  { name: "topK", label: "Top k", help: "0 leaves every token in.", step: 1, isForSampling: true },
  { name: "seed", label: "Seed", help: "Equal seeds, equal answers.", step: 1, isForSampling: true },
];

export interface GenerationFieldsProps {
  settings: GenerationSettings;
  problemOf: (name: string) => string | null;
  onChange: (settings: GenerationSettings) => void;
}

export function GenerationFields({ settings, problemOf, onChange }: GenerationFieldsProps) {
  const isGreedy = settings.temperature === 0;
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium text-sm">Generation</legend>
      <div className="grid grid-cols-2 gap-x-6 gap-y-2 sm:grid-cols-3">
        {GENERATION.map(({ name, label, help, step, isForSampling }) => (
          <Field
            key={name}
            label={label}
            help={isGreedy && isForSampling ? "No effect at temperature 0." : help}
            error={problemOf(name)}
          >
            {(control) => (
              <Input
                {...control}
                isMono
                type="number"
                step={step}
                min={0}
                value={Number.isNaN(settings[name]) ? "" : settings[name]}
                onChange={(event) => onChange({ ...settings, [name]: event.target.valueAsNumber })}
              />
            )}
          </Field>
        ))}
      </div>
    </fieldset>
  );
}
