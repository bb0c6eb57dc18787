"use client";

import { Check, ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Segmented } from "@/components/ui/segmented";
import type { Preset } from "@/server/contracts/recipes";
import { deploymentsOf, gpuNeed, presetsFor } from "./preset-list";

export interface PresetPickerProps {
  presets: readonly Preset[];
  chosenId: string | null;
  /** Fields that differ from it, over all stages. */
  changeCount: number;
  /** GPUs of the chosen node; null: no node is chosen. */
  gpuCount: number | null;
  error: string | null;
  onChoose: (preset: Preset) => void;
  /** Gives every field the preset's value again. */
  onReset: () => void;
}

/** The preset in force, and on demand the table of all: by deployment, with model size and the GPUs they were made for. */
export function PresetPicker(props: PresetPickerProps) {
  const { presets, chosenId, changeCount, error, onReset } = props;
  const [isOpen, setOpen] = useState(false);
  const listId = useId();
  const chosen = presets.find(({ id }) => id === chosenId);
  return (
    <section aria-label="Preset" data-path="presetId" className="panel min-w-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 py-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="text-muted">Preset</span>
            <span className="font-medium">{chosen?.name ?? "none"}</span>
            {chosen && changeCount > 0 && (
              <span className="text-muted">
                <span className="num">{changeCount}</span> {changeCount === 1 ? "field" : "fields"} changed
              </span>
            )}
          </p>
          <p className="text-muted text-xs">{chosen?.description ?? "Fields as they were cloned."}</p>
          {error && <p className="text-bad text-xs">{error}</p>}
        </div>
        {chosen && changeCount > 0 && (
          <Button size="sm" onClick={onReset}>
            Reset all
          </Button>
        )}
        <Button size="sm" aria-expanded={isOpen} aria-controls={listId} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Close" : "Change preset"}
          <ChevronDown
            aria-hidden
            className={cn("transition-transform duration-100", isOpen && "rotate-180")}
          />
        </Button>
      </div>
      <div id={listId} hidden={!isOpen}>
        {isOpen && (
          <PresetTable
            {...props}
            onChoose={(preset) => {
              setOpen(false);
              props.onChoose(preset);
            }}
          />
        )}
      </div>
    </section>
  );
}

function PresetTable({ presets, chosenId, gpuCount, onChoose }: PresetPickerProps) {
  const [deployment, setDeployment] = useState("all");
  const deployments = deploymentsOf(presets);
  return (
    <div className="animate-appear border-t px-3 py-2">
      <Segmented
        label="Made for"
        value={deployment}
        options={[{ value: "all", label: `All ${presets.length}` }, ...deployments]}
        onValueChange={setDeployment}
        className="mb-1 max-w-full overflow-x-auto"
      />
      <ul aria-label="Presets" className="max-h-96 overflow-y-auto">
        {presetsFor(presets, deployment).map((preset) => {
          const isChosen = preset.id === chosenId;
          const need = gpuNeed(preset);
          const isTooMany = gpuCount !== null && need.most > gpuCount;
          return (
            <li key={preset.id} className="border-line-faint border-t first:border-t-0">
              <button
                type="button"
                aria-pressed={isChosen}
                onClick={() => onChoose(preset)}
                className="transition-calm grid w-full grid-cols-[16px_48px_minmax(0,1fr)] gap-x-3 rounded px-1 py-1.5 text-left -outline-offset-2 hover:bg-fill sm:grid-cols-[16px_48px_minmax(0,1fr)_auto]"
              >
                <Check aria-hidden className={cn("mt-0.5 size-4", !isChosen && "invisible")} />
                <span className="num leading-5">{preset.modelSize}</span>
                <span className="min-w-0">
                  <span className="font-medium">{preset.name}</span>
                  <span className="block text-muted text-xs">{preset.description}</span>
                </span>
                <span
                  className={cn("num leading-5 max-sm:col-start-3", isTooMany ? "text-warn" : "text-muted")}
                  title="GPUs of SFT, reward model and PPO"
                >
                  {need.text}
                  {isTooMany && <span className="font-sans">, more than this node has</span>}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
