"use client";

import { FileClock } from "lucide-react";
import { formatBytes } from "@/components/format/format-size";
import { formatMoment } from "@/components/format/format-time";
import { useNow } from "@/components/hooks/use-now";
import { Select } from "@/components/ui/select";
import type { LogPart } from "./log-parts";

export interface LogPartsBarProps {
  /** At least two. */
  parts: readonly LogPart[];
  shown: LogPart;
  onShow: (part: LogPart) => void;
}

/** Says where the file began anew on the node, and lets people choose what it was before. */
export function LogPartsBar({ parts, shown, onShow }: LogPartsBarProps) {
  const now = useNow(60_000);
  const before = parts[parts.indexOf(shown) - 1];
  const moment = (at: string) => (now === 0 ? "" : ` (${formatMoment(at, now)})`);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b bg-fill px-3 py-2">
      <FileClock aria-hidden className="size-4 shrink-0 text-warn" />
      <p className="min-w-0 grow basis-64">
        {before?.endedAt && (
          <>
            The file began anew on the node{moment(before.endedAt)}: it was replaced or emptied. What it held
            before is kept as part {before.number}.{" "}
          </>
        )}
        {shown.endedAt !== null && (
          <>This part ends where the file was replaced or emptied on the node{moment(shown.endedAt)}.</>
        )}
      </p>
      <Select
        aria-label="Part of the log"
        className="w-52 max-w-full"
        value={shown.id}
        onValueChange={(id) => {
          const part = parts.find((candidate) => candidate.id === id);
          if (part) onShow(part);
        }}
        options={parts.map((part) => ({ value: part.id, label: labelOf(part, parts.length) }))}
      />
    </div>
  );
}

function labelOf({ number, sizeBytes, endedAt }: LogPart, count: number): string {
  return `part ${number} of ${count}, ${endedAt === null ? "newest" : formatBytes(sizeBytes)}`;
}
