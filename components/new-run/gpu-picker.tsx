"use client";

import { formatMiB } from "@/components/format/format-size";
import { useNodeLive } from "@/components/hooks/use-live";
import { cn } from "@/components/ui/cn";
import { Field, FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { gpuUser } from "@/components/yard/gpu-user";
import { gpuLabel, usableGpus } from "@/components/yard/prepare-node";
import type { NodeView } from "@/server/contracts/nodes";
import type { StageParameters } from "@/server/contracts/recipes";

export interface GpuPickerProps {
  node: NodeView | null;
  stage: StageParameters;
  error: string | null;
  onChange: (change: Pick<StageParameters, "gpuCount" | "gpuUuids">) => void;
}

/** Any free GPUs, so many of them, or exactly these: with what each holds and who uses it now. */
export function GpuPicker({ node, stage, error, onChange }: GpuPickerProps) {
  const isFixed = stage.gpuUuids.length > 0;
  const gpus = usableGpus(node?.gpus ?? []);
  const first = gpus[0];
  return (
    <fieldset>
      <legend className="mb-1 font-medium text-sm">GPUs</legend>
      <Segmented
        label="Which GPUs"
        value={isFixed ? "fixed" : "any"}
        options={[
          { value: "any", label: "Any free ones" },
          { value: "fixed", label: "Exactly these", isDisabled: first === undefined },
        ]}
        onValueChange={(choice) =>
          onChange(
            choice === "any" || first === undefined
              ? { gpuCount: Math.max(1, stage.gpuUuids.length), gpuUuids: [] }
              : { gpuCount: 1, gpuUuids: [first.uuid] },
          )
        }
      />
      <div className="mt-2">
        {isFixed ? (
          <FixedGpus node={node} stage={stage} onChange={onChange} />
        ) : (
          <Field label="How many" aside={`${gpus.length} on this node`} className="max-w-48">
            {(control) => (
              <Input
                {...control}
                isMono
                type="number"
                min={1}
                max={64}
                value={stage.gpuCount}
                onChange={(event) =>
                  onChange({ gpuCount: Math.max(1, event.target.valueAsNumber || 1), gpuUuids: [] })
                }
              />
            )}
          </Field>
        )}
      </div>
      {error && <FieldError>{error}</FieldError>}
    </fieldset>
  );
}

function FixedGpus({ node, stage, onChange }: Omit<GpuPickerProps, "error">) {
  const live = useNodeLive(node?.id ?? "");
  function toggle(uuid: string) {
    const chosen = new Set(stage.gpuUuids);
    if (chosen.has(uuid) && chosen.size > 1) chosen.delete(uuid);
    else chosen.add(uuid);
    onChange({ gpuCount: chosen.size, gpuUuids: [...chosen] });
  }
  return (
    <ul className="grid grid-cols-2 gap-1.5 sm:grid-cols-3">
      {usableGpus(node?.gpus ?? []).map((gpu) => {
        const reading = live?.gpus.get(gpu.uuid);
        const isChosen = stage.gpuUuids.includes(gpu.uuid);
        return (
          <li key={gpu.uuid}>
            <button
              type="button"
              aria-pressed={isChosen}
              onClick={() => toggle(gpu.uuid)}
              className={cn(
                "transition-calm w-full rounded-md border px-2 py-1 text-left hover:border-control",
                isChosen && "border-fg bg-fill",
              )}
            >
              <span className="flex justify-between gap-2">
                <span className="num">{gpuLabel(gpu)}</span>
                <span className="truncate text-muted text-xs">
                  {gpuUser(gpu, reading, live?.processes ?? []).label}
                </span>
              </span>
              <span className="num block truncate text-[11px] text-muted">
                {formatMiB(reading?.memoryUsedMiB ?? null)} of {formatMiB(gpu.memoryTotalMiB)}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
