"use client";

import { FileUp } from "lucide-react";
import { useId, useState } from "react";
import { cn } from "@/components/ui/cn";
import { MAX_DATA_FILE_BYTES } from "@/server/contracts/data-facts";

const ENDINGS = ".jsonl,.ndjson,.json,.csv,.tsv,.parquet";

/** Takes one file: dropped, or chosen by mouse or keyboard. */
export function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const [isOver, setOver] = useState(false);
  const id = useId();
  return (
    <div
      className={cn(
        "transition-calm relative flex flex-col items-center gap-1 rounded-lg border border-dashed px-6 py-7 text-center",
        "focus-within:outline-2 focus-within:outline-fg hover:bg-fill",
        isOver && "border-fg bg-fill",
      )}
    >
      <FileUp aria-hidden className="size-5 text-muted" />
      <label htmlFor={id} className="font-medium">
        Drop a file here, or choose one
      </label>
      <span className="text-muted text-xs">
        JSON, JSONL, CSV, TSV or Parquet, at most {MAX_DATA_FILE_BYTES / 1_048_576} MiB, with a prompt, a
        chosen and, for the reward model and PPO, a rejected answer in each row
      </span>
      <input
        id={id}
        type="file"
        accept={ENDINGS}
        className="absolute inset-0 cursor-pointer opacity-0"
        onDragEnter={() => setOver(true)}
        onDragLeave={() => setOver(false)}
        onDrop={() => setOver(false)}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
    </div>
  );
}
