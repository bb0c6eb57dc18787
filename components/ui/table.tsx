import type { ComponentProps } from "react";
import { cn } from "./cn";
import { ScrollRegion } from "./scroll-region";

/** Scrolls sideways by itself on a narrow screen. */
export function Table({ className, ...props }: ComponentProps<"table">) {
  return (
    <ScrollRegion label="Table" className="relative w-full">
      <table className={cn("w-full border-collapse text-left", className)} {...props} />
    </ScrollRegion>
  );
}

export function TableHeader({
  className,
  isNumeric = false,
  ...props
}: ComponentProps<"th"> & { isNumeric?: boolean }) {
  return (
    <th
      scope="col"
      className={cn(
        "h-8 whitespace-nowrap border-b px-3 font-normal text-muted first:pl-0 last:pr-0",
        isNumeric && "text-right",
        className,
      )}
      {...props}
    />
  );
}

export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={cn("group/row", className)} {...props} />;
}

export function TableCell({
  className,
  isNumeric = false,
  ...props
}: ComponentProps<"td"> & { isNumeric?: boolean }) {
  return (
    <td
      className={cn(
        "h-8 border-line-faint border-b px-3 first:pl-0 last:pr-0",
        isNumeric && "num whitespace-nowrap text-right",
        className,
      )}
      {...props}
    />
  );
}
