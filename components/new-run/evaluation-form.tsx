"use client";

import { GenerationFields } from "@/components/evaluations/generation-fields";
import { PromptsEditor } from "@/components/evaluations/prompts-editor";
import { Checkbox } from "@/components/ui/checkbox";
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
        problemOf={(index) =>
          problems.get(index === null ? "evaluation.prompts" : `evaluation.prompts.${index}`) ?? null
        }
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
