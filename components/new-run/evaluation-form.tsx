"use client";

import { Plus, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Checkbox } from "@/components/ui/checkbox";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Textarea } from "@/components/ui/textarea";
import type { GenerationSettings } from "@/server/contracts/evaluations";
import type { EvaluationPlan } from "@/server/contracts/runs";

export interface EvaluationFormProps {
  plan: EvaluationPlan;
  problems: ReadonlyMap<string, string>;
  onChange: (plan: EvaluationPlan) => void;
}

/** What is asked of baseline, sft and actor once the run has succeeded. */
export function EvaluationForm({ plan, problems, onChange }: EvaluationFormProps) {
  return (
    <div className="flex flex-col gap-6">
      <div className="flex items-center gap-2">
        <Checkbox
          id="evaluation-enabled"
          checked={plan.isEnabled}
          onCheckedChange={(checked) => onChange({ ...plan, isEnabled: checked === true })}
        />
        <label htmlFor="evaluation-enabled">
          When PPO has succeeded, compare the answers of baseline, sft and actor, scored by the run&rsquo;s
          own reward model
        </label>
      </div>
      <PromptsEditor
        prompts={plan.prompts}
        problemOf={(index) => problems.get(`evaluation.prompts.${index}`) ?? null}
        onChange={(prompts) => onChange({ ...plan, prompts })}
      />
      <GenerationFields
        settings={plan.settings}
        problemOf={(name) => problems.get(`evaluation.settings.${name}`) ?? null}
        onChange={(settings) => onChange({ ...plan, settings })}
      />
    </div>
  );
}

export interface PromptsEditorProps {
  prompts: readonly string[];
  problemOf: (index: number) => string | null;
  onChange: (prompts: string[]) => void;
}

export function PromptsEditor({ prompts, problemOf, onChange }: PromptsEditorProps) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium text-sm">
        Prompts <span className="num text-muted">{prompts.length}</span>
      </legend>
      {prompts.map((prompt, index) => (
        <Field
          // biome-ignore lint/suspicious/noArrayIndexKey: prompts have no identity but their place
          key={index}
          label={<span className="sr-only">Prompt {index + 1}</span>}
          error={problemOf(index)}
        >
          {(control) => (
            <span className="flex items-start gap-1.5">
              <Textarea
                {...control}
                rows={2}
                className="min-h-0"
                value={prompt}
                onChange={(event) =>
                  onChange(prompts.map((one, at) => (at === index ? event.target.value : one)))
                }
              />
              <Button
                variant="ghost"
                size="icon"
                aria-label={`Remove prompt ${index + 1}`}
                disabled={prompts.length === 1}
                onClick={() => onChange(prompts.filter((_, at) => at !== index))}
              >
                <X />
              </Button>
            </span>
          )}
        </Field>
      ))}
      <Button size="sm" className="self-start" onClick={() => onChange([...prompts, "Human:  Assistant:"])}>
        <Plus /> Add a prompt
      </Button>
    </fieldset>
  );
}

const GENERATION: readonly { name: keyof GenerationSettings; label: string; help: string; step: number }[] = [
  { name: "maxNewTokens", label: "New tokens", help: "At most so many an answer.", step: 1 },
  {
    name: "temperature",
    label: "Temperature",
    help: "0 is greedy: the likeliest token each time.",
    step: 0.1,
  },
  { name: "topP", label: "Top p", help: "1 leaves every token in.", step: 0.05 },
  { name: "topK", label: "Top k", help: "0 leaves every token in.", step: 1 },
  { name: "repetitionPenalty", label: "Repetition penalty", help: "1 is none.", step: 0.05 },
  { name: "seed", label: "Seed", help: "Equal seeds, equal answers.", step: 1 },
];

export interface GenerationFieldsProps {
  settings: GenerationSettings;
  problemOf: (name: string) => string | null;
  onChange: (settings: GenerationSettings) => void;
}

export function GenerationFields({ settings, problemOf, onChange }: GenerationFieldsProps) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">Generation</legend>
      <div className="grid gap-x-6 gap-y-2 sm:grid-cols-3">
        {GENERATION.map(({ name, label, help, step }) => (
          <Field key={name} label={label} help={help} error={problemOf(name)}>
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
