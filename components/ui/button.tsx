import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";
import { Spinner } from "./spinner";

const VARIANT = {
  default: "border-line bg-panel text-fg hover:bg-fill",
  primary: "border-fg bg-fg text-bg hover:opacity-90",
  danger: "border-line bg-panel text-bad hover:bg-fill",
  "danger-solid": "border-bad bg-bad text-bg hover:opacity-90",
  ghost: "border-transparent bg-transparent text-muted hover:bg-fill hover:text-fg",
} as const;

const SIZE = {
  md: "h-8 gap-2 rounded-lg px-3 text-sm pointer-coarse:h-10",
  sm: "h-7 gap-1.5 rounded-md px-2 text-xs pointer-coarse:h-9",
  icon: "size-8 rounded-lg pointer-coarse:size-10",
  "icon-sm": "size-7 rounded-md pointer-coarse:size-9",
} as const;

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: keyof typeof VARIANT;
  size?: keyof typeof SIZE;
  /** Renders the only child (a link) with the look of a button. */
  asChild?: boolean;
  /** Shows a spinner and refuses presses; the width stays. */
  isBusy?: boolean;
}

export function Button({
  variant = "default",
  size = "md",
  asChild = false,
  isBusy = false,
  className,
  children,
  ...props
}: ButtonProps) {
  const look = cn(
    "transition-calm relative inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap border font-medium",
    "disabled:cursor-not-allowed disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0",
    VARIANT[variant],
    SIZE[size],
    className,
  );
  if (asChild) {
    return (
      <Slot.Root className={look} {...props}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type="button"
      className={look}
      {...props}
      aria-busy={isBusy || undefined}
      disabled={props.disabled || isBusy}
    >
      <span className={cn("inline-flex items-center gap-[inherit]", isBusy && "invisible")}>{children}</span>
      {isBusy && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
    </button>
  );
}
