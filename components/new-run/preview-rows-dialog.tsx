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
  onLooked: (name: string) => void;
  onClose: () => void;
}

/** Mounted while open. */
export function PreviewRowsDialog({ node, names, parameters, ...actions }: PreviewRowsDialogProps) {
  const { onFix, onLooked, onClose } = actions;
  const [picked, setPicked] = useState("");
  const name = names.find((one) => one === picked) ?? names[0] ?? "";
  const leave = () => {
    onLooked(name);
    onClose();
  };
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && leave()}>
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
                onValueChange={(next) => {
                  onLooked(name);
                  setPicked(next);
                }}
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
            leave();
          }}
        />
      </DialogContent>
    </Dialog>
  );
}
