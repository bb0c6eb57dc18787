import { tagLook } from "@/components/charts/tag-table";
import { formatScalar, formatSigned } from "@/components/format/format-number";
import { STAGE_LOOK } from "@/components/status/stage-table";
import { cn } from "@/components/ui/cn";
import type { RunSummary } from "@/server/contracts/runs";

/** The one figure of each stage that has one, newest value, in the colour of its stage. */
export function RunHeadlines({ stages, className }: { stages: RunSummary["stages"]; className?: string }) {
  const told = stages.flatMap(({ kind, headline }) => (headline === null ? [] : [{ kind, headline }]));
  return (
    <dl className={cn("flex min-w-0 flex-wrap gap-x-4 gap-y-0.5", className)}>
      {told.map(({ kind, headline }) => {
        const { label, isSigned } = tagLook(headline.tag);
        return (
          <div key={kind} className="flex items-baseline gap-1.5 whitespace-nowrap">
            <dt className={STAGE_LOOK[kind].textClassName} title={STAGE_LOOK[kind].label}>
              {label}
            </dt>
            <dd className="num">{isSigned ? formatSigned(headline.last) : formatScalar(headline.last)}</dd>
          </div>
        );
      })}
    </dl>
  );
}
