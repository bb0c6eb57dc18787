import { Copy, Trash2 } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import type { RunSummary } from "@/server/contracts/runs";
import { isTerminal } from "@/server/contracts/statuses";

/** What a row of the list offers: the same parameters again, and for an ended run its removal. */
export function RunActions({ run, onDelete }: { run: RunSummary; onDelete: (run: RunSummary) => void }) {
  return (
    <span className="inline-flex">
      <Button asChild variant="ghost" size="icon-sm">
        <Link href={`/runs/new?clone=${run.id}`} aria-label={`Clone ${run.name}`} title="Clone">
          <Copy />
        </Link>
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        aria-label={`Delete ${run.name}`}
        title={isTerminal(run.status) ? "Delete" : "Stop the run before deleting it"}
        disabled={!isTerminal(run.status)}
        onClick={() => onDelete(run)}
      >
        <Trash2 />
      </Button>
    </span>
  );
}
