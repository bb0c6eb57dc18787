"use client";

import type { ReactNode } from "react";
import { formatCount, formatPercent, formatScalar } from "@/components/format/format-number";
import { formatMiBAsGiB, formatRate } from "@/components/format/format-size";
import { useNodeLive } from "@/components/hooks/use-live";
import { Card } from "@/components/ui/card";
import { ProgressBar } from "@/components/ui/progress-bar";
import { diskSpaceOf, isDiskLow } from "@/server/contracts/disk-space";

/** What the machine itself does now: processor, memory, disk, network. */
export function NodeHost({ nodeId }: { nodeId: string }) {
  const host = useNodeLive(nodeId)?.host ?? null;
  const disk = diskSpaceOf(host);
  const isLow = disk !== null && isDiskLow(disk);
  const usedDisk = (host?.diskTotalGiB ?? 0) - (host?.diskFreeGiB ?? 0);
  return (
    <Card title="Machine" note={host === null ? "no reading yet" : undefined}>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 pb-1 lg:grid-cols-4">
        <Fact
          name="Processor"
          value={formatPercent(host?.cpuPercent)}
          part={host?.cpuPercent == null ? null : host.cpuPercent / 100}
        >
          load {formatScalar(host?.loadAverage)}
        </Fact>
        <Fact
          name="Memory"
          value={formatMiBAsGiB(host?.memoryUsedMiB)}
          part={ratio(host?.memoryUsedMiB, host?.memoryTotalMiB)}
        >
          of {formatMiBAsGiB(host?.memoryTotalMiB)}
        </Fact>
        <Fact
          name="Disk"
          value={`${formatCount(host?.diskFreeGiB)} GiB free`}
          part={ratio(usedDisk, host?.diskTotalGiB)}
          isAlarming={isLow}
        >
          of {formatCount(host?.diskTotalGiB)} GiB{isLow && ", almost full"}
        </Fact>
        <Fact name="Network" value={`${formatRate(host?.networkReceivedBytesPerSecond)} in`}>
          {formatRate(host?.networkSentBytesPerSecond)} out
        </Fact>
      </dl>
    </Card>
  );
}

interface FactProps {
  name: string;
  value: string;
  /** How full, 0 to 1; left out: it has no end. */
  part?: number | null;
  isAlarming?: boolean;
  children: ReactNode;
}

function Fact({ name, value, part, isAlarming = false, children }: FactProps) {
  return (
    <div className="min-w-0">
      <dt className="text-muted text-xs">{name}</dt>
      <dd className="num flex flex-wrap items-baseline gap-x-2 leading-5">
        {value} <span className="text-[11px] text-muted">{children}</span>
      </dd>
      {part !== undefined && (
        <dd>
          <ProgressBar
            value={part}
            label={name}
            color={isAlarming ? "var(--warn)" : "var(--control)"}
            className="mt-1 h-1"
          />
        </dd>
      )}
    </div>
  );
}

function ratio(part: number | null | undefined, whole: number | null | undefined): number | null {
  return part === null || part === undefined || !whole ? null : part / whole;
}
