import type { ComponentProps } from "react";
import { cn } from "./cn";

export const CONTROL =
  "control transition-calm rounded-lg border border-line bg-panel text-sm text-fg hover:border-control " +
  "disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-bad";

export interface InputProps extends ComponentProps<"input"> {
  /** Numbers, paths, addresses: Geist Mono. */
  isMono?: boolean;
}

export function Input({ isMono = false, className, ...props }: InputProps) {
  return <input className={cn(CONTROL, "h-8", isMono && "num", className)} {...props} />;
}
