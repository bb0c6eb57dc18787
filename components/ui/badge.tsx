import type { ReactNode } from "react";
import { cn } from "./cn";

const TONE = {
  neutral: "text-muted",
  fg: "text-fg",
  ok: "text-ok",
  warn: "text-warn",
  bad: "text-bad",
} as const;

export interface BadgeProps {
  tone?: keyof typeof TONE;
  icon?: ReactNode;
  /** A hairline frame, for marks that stand alone. */
  isOutlined?: boolean;
  children: ReactNode;
  className?: string;
}

export function Badge({ tone = "neutral", icon, isOutlined = false, children, className }: BadgeProps) {
  return (
    <span
      className={cn(
        "inline-flex items-center gap-1.5 whitespace-nowrap text-xs [&_svg]:size-3 [&_svg]:shrink-0",
        isOutlined && "rounded border border-current/40 px-1.5 text-2xs",
        TONE[tone],
        className,
      )}
    >
      {icon}
      {children}
    </span>
  );
}
