import { CircleCheck, Info, TriangleAlert } from "lucide-react";
import { formatCount } from "@/components/format/format-number";
import { Card } from "@/components/ui/card";
import type { DataFinding } from "@/server/contracts/data-sets";

/** What was found in the rows. Nothing here keeps it from training. */
export function FindingsCard({ findings }: { findings: readonly DataFinding[] }) {
  return (
    <Card title="Findings" note="in the rows as they were read">
      {findings.length === 0 && (
        <p className="flex gap-2">
          <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" /> No empty answer, no
          duplicate, every prompt in the expected form.
        </p>
      )}
      <ul className="flex flex-col gap-2">
        {findings.map(({ severity, message, count, places }) => (
          <li key={message} className="flex gap-2">
            {severity === "warning" ? (
              <TriangleAlert aria-label="Warning" className="mt-0.5 size-4 shrink-0 text-warn" />
            ) : (
              <Info aria-label="Note" className="mt-0.5 size-4 shrink-0 text-muted" />
            )}
            <span className="min-w-0">
              <span className="num">{formatCount(count)}</span> × {message}
              <span className="block text-muted text-xs">
                {places.join(", ")}
                {count > places.length && ", …"}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
