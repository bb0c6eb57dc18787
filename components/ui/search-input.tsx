import { Search } from "lucide-react";
import { cn } from "./cn";
import { Input, type InputProps } from "./input";

/** With a magnifier inside. `wrapperClassName` places it, `className` is the field's own. */
export function SearchInput({
  wrapperClassName,
  className,
  ...props
}: InputProps & { wrapperClassName?: string }) {
  return (
    <span className={cn("relative", wrapperClassName)}>
      <Search aria-hidden className="absolute top-1/2 left-2 size-4 -translate-y-1/2 text-muted" />
      <Input type="search" className={cn("pl-8", className)} {...props} />
    </span>
  );
}
