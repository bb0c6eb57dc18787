"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";

/** As in the address: text. */
export interface PlannerChoice {
  family: string;
  gpuCount: string;
  zeroStage: string;
  offload: string;
  loraRank: string;
  pricePerGpuHour: string;
}

const CHOICES = [
  {
    key: "family",
    label: "Models",
    options: [
      { value: "OPT", label: "OPT" },
      { value: "Llama", label: "Llama-2" },
      { value: "BLOOM", label: "BLOOM" },
      { value: "GPT-2", label: "GPT-2" },
    ],
  },
  {
    key: "gpuCount",
    label: "GPUs",
    options: ["1", "2", "4", "8", "16", "32", "64"].map((value) => ({ value, label: value })),
  },
  {
    key: "zeroStage",
    label: "ZeRO stage",
    options: ["0", "1", "2", "3"].map((value) => ({ value, label: value })),
  },
  {
    key: "offload",
    label: "Offload",
    options: [
      { value: "0", label: "none" },
      { value: "1", label: "to main memory" },
    ],
  },
  {
    key: "loraRank",
    label: "LoRA",
    options: [
      { value: "0", label: "none" },
      { value: "64", label: "rank 64" },
      { value: "128", label: "rank 128" },
    ],
  },
] as const;

export interface PlannerControlsProps {
  choice: PlannerChoice;
  onChange: (change: Partial<PlannerChoice>) => void;
}

export function PlannerControls({ choice, onChange }: PlannerControlsProps) {
  return (
    <div className="mb-3 grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-6">
      {CHOICES.map(({ key, label, options }) => (
        <Field key={key} label={label}>
          {(control) => (
            <Select
              {...control}
              options={options}
              value={choice[key]}
              onValueChange={(value) => onChange({ [key]: value })}
            />
          )}
        </Field>
      ))}
      <Field label="Price per GPU hour">
        {(control) => (
          <Input
            {...control}
            isMono
            type="number"
            min={0}
            step="any"
            placeholder="4.02"
            value={choice.pricePerGpuHour}
            onChange={(event) => onChange({ pricePerGpuHour: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
