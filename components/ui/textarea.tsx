import type { ComponentProps } from "react";
import { cn } from "./cn";
import { CONTROL } from "./input";

export interface TextareaProps extends ComponentProps<"textarea"> {
  isMono?: boolean;
}

export function Textarea({ isMono = false, className, ...props }: TextareaProps) {
  return (
    <textarea className={cn(CONTROL, "min-h-20 resize-y py-1.5", isMono && "num", className)} {...props} />
  );
}
