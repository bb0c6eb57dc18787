import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { CONTROL } from "./input";

export interface SelectOption {
  value: string;
  label: string;
  isDisabled?: boolean;
}

export interface SelectProps extends Omit<ComponentProps<"select">, "children" | "onChange"> {
  options: readonly SelectOption[];
  onValueChange?: (value: string) => void;
  isMono?: boolean;
}

/** The platform's own list: it knows keyboards, phones and screen readers best. */
export function Select({ options, onValueChange, isMono = false, className, ...props }: SelectProps) {
  return (
    <span className={cn("control-frame relative inline-flex", className)}>
      <select
        className={cn(CONTROL, "h-8 appearance-none truncate pr-8", isMono && "num")}
        onChange={(event) => onValueChange?.(event.target.value)}
        {...props}
      >
        {options.map((option) => (
          <option
            key={option.value}
            value={option.value}
            disabled={option.isDisabled}
            className="bg-panel text-fg"
          >
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-muted"
      />
    </span>
  );
}
