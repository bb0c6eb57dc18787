"use client";

import { ResourceView } from "@/components/errors/resource-view";
import { formatCount } from "@/components/format/format-number";
import { useResource } from "@/components/hooks/use-resource";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { AuditVerdict } from "@/server/contracts/audit";

/** Hashes the trail anew, and shows what to note elsewhere. */
export function VerifyTrail({ onClose }: { onClose: () => void }) {
  const verdict = useResource<AuditVerdict>("/audit/verify");
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent title="Is the trail whole?">
        <ResourceView
          resource={verdict}
          skeleton={<SkeletonRows count={2} />}
          title="Could not verify the audit trail."
        >
          {(found) => <Verdict {...found} />}
        </ResourceView>
      </DialogContent>
    </Dialog>
  );
}

function Verdict({ rows, newest, firstBroken }: AuditVerdict) {
  if (firstBroken !== null)
    return (
      <p className="text-bad" role="alert">
        Entry <span className="num">{firstBroken}</span> is not as it was written, or one before it was taken
        out. Somebody with the owner&rsquo;s rights on the database changed the trail; a backup shows what
        stood there.
      </p>
    );
  if (newest === null) return <p>There is no entry yet.</p>;
  return (
    <div className="flex flex-col gap-3">
      <p>
        All <span className="num">{formatCount(rows)}</span> entries are as they were written: each carries
        the SHA-256 of the one before.
      </p>
      <p className="text-muted">
        Whether its newest entries were cut off, only a hash that was noted elsewhere can tell. The newest
        entry is <span className="num">{newest.id}</span>:
      </p>
      <div className="flex items-center gap-2 rounded-lg bg-fill py-1 pr-1 pl-3">
        <code className="num min-w-0 flex-1 select-all break-all">{newest.hash}</code>
        <CopyButton text={`${newest.id} ${newest.hash}`} label="Copy number and hash" />
      </div>
      <p className="text-muted">
        Ask for it later: <code className="num">GET /api/v1/audit/verify?id=…&amp;hash=…</code>
      </p>
    </div>
  );
}
