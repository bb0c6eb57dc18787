"use client";

import { Dialog, DialogContent } from "@/components/ui/dialog";
import { ANSWER_KEYS } from "./answer-keys-table";
import { Keys } from "./key-hints";

/** Mounted while open. */
export function KeyHelpDialog({ hasScores, onClose }: { hasScores: boolean; onClose: () => void }) {
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent title="Keyboard shortcuts" description="While no field has the focus." width="sm">
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
          {ANSWER_KEYS.filter(({ needsScores }) => hasScores || !needsScores).map(({ keys, label }) => (
            <div key={label} className="contents">
              <dt>
                <Keys keys={keys} />
              </dt>
              <dd>{label}</dd>
            </div>
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  );
}
