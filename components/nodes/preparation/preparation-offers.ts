import type { PreparationJob } from "@/server/contracts/preparation";

export interface PreparationOffers {
  isBusy: boolean;
  canPrepare: boolean;
  canCancel: boolean;
  canUninstall: boolean;
  /** What the job waits for. */
  note: string | null;
}

/** What the card offers: preparing is for administrators, and one job is under way at a time. */
export function preparationOffers(
  job: PreparationJob | null,
  { isAdmin, isOnline }: { isAdmin: boolean; isOnline: boolean },
): PreparationOffers {
  const isBusy = job?.status === "queued" || job?.status === "running";
  return {
    isBusy,
    canPrepare: isAdmin && !isBusy,
    canCancel: isAdmin && isBusy,
    canUninstall: isAdmin && !isBusy && job !== null,
    note: job === null || !isBusy || isOnline ? null : waitingNote(job),
  };
}

function waitingNote(job: PreparationJob): string | null {
  if (job.isCancelRequested)
    return "The cancel waits until the node is connected: only it knows what has begun.";
  return job.status === "queued" ? "It starts when the node is connected." : null;
}
