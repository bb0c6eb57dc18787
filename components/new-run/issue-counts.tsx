import { CircleCheck, CircleX } from "lucide-react";
import { SEVERITY_LOOK } from "@/components/status/severity-look";
import { countText, type IssueCounts } from "./prepare-issues";

/** "1 error  2 warnings", each with its sign; or that nothing stands against the start. */
export function IssueCountsView({ counts, isChecked }: { counts: IssueCounts; isChecked: boolean }) {
  const shown = (["error", "warning"] as const).filter((severity) => counts[severity] > 0);
  if (shown.length === 0 && !isChecked) {
    return (
      <span className="inline-flex items-center gap-1.5">
        <CircleX aria-hidden className="size-4 shrink-0 text-warn" /> not checked
      </span>
    );
  }
  if (shown.length === 0) {
    return (
      <span className="inline-flex items-center gap-1.5">
        <CircleCheck aria-hidden className="size-4 shrink-0 text-ok" /> ready
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-x-3">
      {shown.map((severity) => {
        const { icon: Icon, className } = SEVERITY_LOOK[severity];
        const [count, ...words] = countText(severity, counts[severity]).split(" ");
        return (
          <span key={severity} className={`inline-flex items-center gap-1.5 whitespace-nowrap ${className}`}>
            <Icon aria-hidden className="size-4 shrink-0" />
            <span>
              <span className="num">{count}</span> {words.join(" ")}
            </span>
          </span>
        );
      })}
    </span>
  );
}
