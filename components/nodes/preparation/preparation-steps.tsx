import { Check, CircleDashed, CircleDot, CircleSlash, type LucideIcon, Minus, X } from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { PreparationJob, PreparationStep } from "@/server/contracts/preparation";

const STEP_LABEL = {
  environment: "Virtual environment",
  torch: "PyTorch",
  packages: "Packages",
  examples: "DeepSpeedExamples",
  application: "DeepSpeed-Chat",
  ops: "DeepSpeed operators",
  models: "Models",
  check: "Imports",
} as const satisfies Record<PreparationStep["name"], string>;

const STATE_LOOK = {
  waiting: { label: "waiting", icon: CircleDashed, className: "text-muted" },
  running: { label: "running", icon: CircleDot, className: "text-fg" },
  done: { label: "done", icon: Check, className: "text-ok" },
  kept: { label: "was there", icon: Check, className: "text-muted" },
  skipped: { label: "left out", icon: Minus, className: "text-warn" },
  failed: { label: "failed", icon: X, className: "text-bad" },
  cancelled: { label: "cancelled", icon: CircleSlash, className: "text-muted" },
} as const satisfies Record<PreparationStep["state"], { label: string; icon: LucideIcon; className: string }>;

export function PreparationSteps({ job }: { job: PreparationJob }) {
  return (
    <ol aria-label="Steps" className="divide-y divide-line-faint">
      {job.steps.map((step) => (
        <StepRow key={step.name} step={step} />
      ))}
    </ol>
  );
}

function StepRow({ step }: { step: PreparationStep }) {
  const { label, icon: Icon, className } = STATE_LOOK[step.state];
  return (
    <li className="grid grid-cols-[160px_92px_minmax(0,1fr)_auto] gap-x-3 py-1 max-sm:grid-cols-[minmax(0,1fr)_auto]">
      <span>{STEP_LABEL[step.name]}</span>
      <span className={cn("inline-flex items-center gap-1.5 text-xs", className)}>
        <Icon aria-hidden strokeWidth={2.5} className="size-3" />
        {label}
      </span>
      <span className="text-muted [overflow-wrap:anywhere] max-sm:col-span-2">{step.note}</span>
      <span className="num text-muted text-xs max-sm:hidden">{secondsOf(step)}</span>
    </li>
  );
}

/** By the node's own clock, so only of a step that has ended. */
function secondsOf({ startedAt, endedAt }: PreparationStep): string {
  if (startedAt === null || endedAt === null) return "";
  return `${Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 1000))} s`;
}
