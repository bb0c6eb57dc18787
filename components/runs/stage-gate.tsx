import { Check, Clock, X } from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { StageView } from "@/server/contracts/runs";
import { type GateView, gateOf } from "./prepare-pipeline";

const LOOK = {
  open: { icon: Check, className: "text-ok" },
  waiting: { icon: Clock, className: "text-muted" },
  closed: { icon: X, className: "text-bad" },
} as const satisfies Record<GateView["state"], object>;

/** What ppo waits for: the checkpoints of the two stages before it. */
export function StageGate({ stages, className }: { stages: readonly StageView[]; className?: string }) {
  const gate = gateOf(stages);
  const { icon: Icon, className: tone } = LOOK[gate.state];
  return (
    <div className={cn("rounded-lg border border-dashed px-3 py-2.5 text-xs leading-[18px]", className)}>
      <div className={cn("flex items-center gap-1.5", tone)}>
        <Icon aria-hidden strokeWidth={2.5} className="size-3" />
        {gate.label}
      </div>
      <dl>
        {gate.inputs.map(({ name, text }) => (
          <div key={name} className="flex justify-between gap-2">
            <dt className="text-muted">{name}</dt>
            <dd className="num">{text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
