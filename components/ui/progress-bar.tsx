import { cn } from "./cn";

export interface ProgressBarProps {
  /** 0 to 1; null: unknown, the bar stays empty and says so to screen readers. */
  value: number | null;
  label: string;
  /** A CSS colour, of the stage as a rule. */
  color?: string;
  className?: string;
}

export function ProgressBar({ value, label, color = "var(--fg)", className }: ProgressBarProps) {
  const percent = value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      className={cn("h-1.5 overflow-hidden rounded-full bg-line", className)}
    >
      <div
        className="h-full origin-left transition-transform duration-150"
        style={{ background: color, transform: `scaleX(${(percent ?? 0) / 100})` }}
      />
    </div>
  );
}
