import { Switch as Primitive } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "./cn";

export function Switch({ className, ...props }: ComponentProps<typeof Primitive.Root>) {
  return (
    <Primitive.Root
      className={cn(
        "transition-calm inline-flex h-4 w-7 shrink-0 items-center rounded-full border border-control bg-fill p-px",
        "data-[state=checked]:border-fg data-[state=checked]:bg-fg disabled:opacity-50",
        className,
      )}
      {...props}
    >
      <Primitive.Thumb className="block size-3 rounded-full bg-control transition-transform duration-100 data-[state=checked]:translate-x-3 data-[state=checked]:bg-bg" />
    </Primitive.Root>
  );
}
