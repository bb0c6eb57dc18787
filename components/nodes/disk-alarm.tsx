"use client";

import { TriangleAlert } from "lucide-react";
import { formatCount, formatScalar } from "@/components/format/format-number";
import { useNodeLive } from "@/components/hooks/use-live";
import { diskSpaceOf, isDiskLow } from "@/server/contracts/disk-space";

/** Said while there is still time: nothing can be written to a disk that is full. */
export function DiskAlarm({ nodeId, nodeName }: { nodeId: string; nodeName: string }) {
  const disk = diskSpaceOf(useNodeLive(nodeId)?.host);
  if (disk === null || !isDiskLow(disk)) return null;
  return (
    <div
      role="alert"
      className="panel mb-4 flex items-start gap-3 border-l-[3px] px-3.5 py-2.5"
      style={{ borderLeftColor: "var(--warn)" }}
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
      <div>
        <p className="font-medium">
          The disk of {nodeName} is almost full: {formatScalar(disk.freeGiB)} of {formatCount(disk.totalGiB)}{" "}
          GiB free
        </p>
        <p className="text-muted">
          Once it is full, neither log nor checkpoint can be written there. Free space now; training goes on
          meanwhile.
        </p>
      </div>
    </div>
  );
}
