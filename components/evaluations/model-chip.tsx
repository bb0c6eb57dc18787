import { cn } from "@/components/ui/cn";
import type { ModelKey } from "@/server/contracts/evaluations";
import { MODEL_LOOK } from "./model-table";

export interface ModelChipProps {
  modelKey: ModelKey;
  /** Default: the short name. */
  label?: string;
  title?: string | undefined;
  className?: string;
}

/** A model by its colour and its name. */
export function ModelChip({ modelKey, label, title, className }: ModelChipProps) {
  const look = MODEL_LOOK[modelKey];
  return (
    <span className={cn("inline-flex items-center gap-1.5 whitespace-nowrap", className)} title={title}>
      <span aria-hidden className="size-2 shrink-0 rounded-xs" style={{ background: look.color }} />
      {label ?? look.short}
    </span>
  );
}
