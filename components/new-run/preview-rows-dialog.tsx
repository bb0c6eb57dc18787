"use client";

import { useState } from "react";
import { PreviewPanel } from "@/components/data-sets/preview-panel";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import type { NodeView } from "@/server/contracts/nodes";
import type { Fix, RunParameters } from "@/server/contracts/runs";

export interface PreviewRowsDialogProps {
  node: Pick<NodeView, "id" | "name">;
  /** At least one. */
  names: readonly string[];
  parameters: RunParameters;
  onFix: (changes: Fix["changes"]) => void;
  onClose: () => void;
}

/** Mounted while open. */
export function PreviewRowsDialog({ node, names, parameters, onFix, onClose }: PreviewRowsDialogProps) {
  const [picked, setPicked] = useState("");
  const name = names.find((one) => one === picked) ?? names[0] ?? "";
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        width="lg"
        title="Rows of the data"
        description={`The first rows as training on ${node.name} would read them.`}
      >
        {names.length > 1 && (
          <Field label="Data set" className="mb-4">
            {(control) => (
              <Select
                {...control}
                isMono
                options={names.map((one) => ({ value: one, label: one }))}
                value={name}
                onValueChange={setPicked}
              />
            )}
          </Field>
        )}
        <PreviewPanel
          key={name}
          asked={{ nodeId: node.id, name, parameters }}
          nodeName={node.name}
          onFix={(changes) => {
            onFix(changes);
            onClose();
          }}
        />
      </DialogContent>
    </Dialog>
  );
}
