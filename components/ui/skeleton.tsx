import { cn } from "./cn";

/** Stands exactly where the content will stand; give it that size. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("animate-wait rounded bg-fill", className)} />;
}

export function SkeletonRows({ count, className }: { count: number; className?: string }) {
  return (
    <div role="status" aria-label="Loading" className="flex flex-col gap-2">
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without identity
        <Skeleton key={index} className={cn("h-8 w-full", className)} />
      ))}
    </div>
  );
}
