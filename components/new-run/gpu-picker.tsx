"use client";

import { Check } from "lucide-react";
import { useId } from "react";
import { formatPercent } from "@/components/format/format-number";
import { formatMiB } from "@/components/format/format-size";
import type { NodeLive } from "@/components/hooks/telemetry-store";
import { useNodeLive } from "@/components/hooks/use-live";
import { cn } from "@/components/ui/cn";
import { FieldError, FieldWarning } from "@/components/ui/field";
import { Segmented } from "@/components/ui/segmented";
import { edgeColor, gpuUser } from "@/components/yard/gpu-user";
import { gpuLabel, usableGpus } from "@/components/yard/prepare-node";
import type { Gpu, NodeView } from "@/server/contracts/nodes";
import type { StageParameters } from "@/server/contracts/recipes";
import { CountInput } from "./count-input";

export interface GpuPickerProps {
  node: NodeView | null;
  stage: StageParameters;
  /** `stages.<kind>` */
  path: string;
  error: string | null;
  warning: string | null;
  onChange: (change: Pick<StageParameters, "gpuCount" | "gpuUuids">) => void;
}

const CHOICES = [
  { value: "any", label: "Any free ones" },
  { value: "fixed", label: "Exactly these" },
] as const;

/** So many of the free GPUs, or exactly these: with what each holds and who uses it now. */
export function GpuPicker({ node, stage, path, error, warning, onChange }: GpuPickerProps) {
  const gpus = usableGpus(node?.gpus ?? []);
  const isFixed = stage.gpuUuids.length > 0;
  const noteId = useId();
  const [first] = gpus;
  function choose(choice: "any" | "fixed") {
    if (choice === "any") onChange({ gpuCount: Math.max(1, stage.gpuUuids.length), gpuUuids: [] });
    else if (first) {
      const gpuUuids = gpus.slice(0, stage.gpuCount).map((gpu) => gpu.uuid);
      onChange({ gpuCount: gpuUuids.length, gpuUuids });
    }
  }
  return (
    <fieldset data-path={path} aria-describedby={error || warning ? noteId : undefined}>
      <legend className="sr-only">GPUs</legend>
      <div className="mb-2 flex min-h-8 flex-wrap items-center gap-3">
        <Segmented
          label="Which GPUs"
          value={isFixed ? "fixed" : "any"}
          options={CHOICES.map((choice) => ({ ...choice, isDisabled: first === undefined }))}
          onValueChange={choose}
        />
        {isFixed ? (
          <span className="text-muted">
            <span className="num text-fg">{stage.gpuUuids.length}</span> of{" "}
            <span className="num">{gpus.length}</span> chosen; the stage waits until all of them are free
          </span>
        ) : (
          <span className="flex items-center gap-2 text-muted">
            <CountInput
              label="How many"
              value={stage.gpuCount}
              max={64}
              isInvalid={error !== null}
              onChange={(gpuCount) => onChange({ gpuCount, gpuUuids: [] })}
            />
            of <span className="num">{gpus.length}</span> on this node
          </span>
        )}
      </div>
      <GpuTiles node={node} gpus={gpus} stage={stage} isFixed={isFixed} onChange={onChange} />
      {(error ?? warning) && (
        <p id={noteId} className="mt-1 text-xs">
          {error ? <FieldError>{error}</FieldError> : <FieldWarning>{warning}</FieldWarning>}
        </p>
      )}
    </fieldset>
  );
}

interface GpuTilesProps extends Pick<GpuPickerProps, "node" | "stage" | "onChange"> {
  gpus: readonly Gpu[];
  isFixed: boolean;
}

function GpuTiles({ node, gpus, stage, isFixed, onChange }: GpuTilesProps) {
  const live = useNodeLive(node?.id ?? "");
  function toggle(uuid: string) {
    const chosen = new Set(stage.gpuUuids);
    if (chosen.has(uuid) && chosen.size > 1) chosen.delete(uuid);
    else chosen.add(uuid);
    onChange({ gpuCount: chosen.size, gpuUuids: [...chosen] });
  }
  return (
    <ul className="grid grid-cols-2 gap-1.5 sm:grid-cols-[repeat(auto-fill,minmax(168px,1fr))]">
      {gpus.map((gpu) => {
        const isChosen = stage.gpuUuids.includes(gpu.uuid);
        const look = "block w-full rounded-md border px-2 py-1.5 text-left";
        return (
          <li key={gpu.uuid}>
            {isFixed ? (
              <button
                type="button"
                aria-pressed={isChosen}
                onClick={() => toggle(gpu.uuid)}
                className={cn(
                  "transition-calm hover:border-control",
                  look,
                  isChosen ? "border-fg bg-fill" : "opacity-75",
                )}
              >
                <GpuFacts gpu={gpu} live={live} isChosen={isChosen} />
              </button>
            ) : (
              <div className={look}>
                <GpuFacts gpu={gpu} live={live} isChosen={false} />
              </div>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function GpuFacts({ gpu, live, isChosen }: { gpu: Gpu; live: NodeLive | undefined; isChosen: boolean }) {
  const reading = live?.gpus.get(gpu.uuid);
  const user = gpuUser(gpu, reading, live?.processes ?? []);
  const used = reading?.memoryUsedMiB ?? null;
  const total = reading?.memoryTotalMiB ?? gpu.memoryTotalMiB;
  const part = used === null || !total ? 0 : used / total;
  return (
    <>
      <span className="flex items-center gap-1.5 leading-4">
        {isChosen && <Check aria-hidden className="size-3 shrink-0" strokeWidth={3} />}
        <span className="num">{gpuLabel(gpu)}</span>
        <span className="min-w-0 flex-1 truncate text-muted text-xs" title={user.label}>
          {user.label}
        </span>
        <span className="num text-[11px]">{formatPercent(reading?.utilizationGpuPercent)}</span>
      </span>
      <span aria-hidden className="my-1 block h-1 overflow-hidden rounded-full bg-line">
        <span
          className="block h-full origin-left transition-transform duration-150"
          style={{
            background: user.kind === "run" ? edgeColor(user) : "var(--control)",
            transform: `scaleX(${part})`,
          }}
        />
      </span>
      <span className="num block truncate text-[11px] text-muted leading-4">
        {formatMiB(used)} of {formatMiB(total)}
      </span>
    </>
  );
}
