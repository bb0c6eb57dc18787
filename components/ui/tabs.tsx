import { Tabs as Primitive } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { cn } from "./cn";

export const Tabs = Primitive.Root;

export interface TabsListProps {
  children: ReactNode;
  /** Right end of the line, outside the tab list. */
  aside?: ReactNode;
  label: string;
}

export function TabsList({ children, aside, label }: TabsListProps) {
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-5 gap-y-1 border-b">
      <Primitive.List aria-label={label} className="-mb-px flex gap-5 overflow-x-auto">
        {children}
      </Primitive.List>
      {aside !== undefined && (
        <div className="ml-auto flex flex-wrap items-center gap-4 py-1 text-muted">{aside}</div>
      )}
    </div>
  );
}

export interface TabProps extends ComponentProps<typeof Primitive.Trigger> {
  count?: number;
}

export function Tab({ count, children, className, ...props }: TabProps) {
  return (
    <Primitive.Trigger
      className={cn(
        "transition-calm shrink-0 border-transparent border-b-2 py-2 text-muted -outline-offset-2 hover:text-fg",
        "data-[state=active]:border-fg data-[state=active]:text-fg",
        className,
      )}
      {...props}
    >
      {children}
      {count !== undefined && <span className="num ml-1.5 text-muted">{count}</span>}
    </Primitive.Trigger>
  );
}

export function TabPanel({ className, ...props }: ComponentProps<typeof Primitive.Content>) {
  return <Primitive.Content className={cn("outline-offset-4", className)} {...props} />;
}
