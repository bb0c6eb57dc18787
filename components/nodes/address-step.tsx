"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { NodeAddressFields, NodeCredentialFields, type NodeFieldsProps } from "./node-form-fields";
import { NodeSettingsFields } from "./node-settings-fields";

export interface AddressStepProps extends NodeFieldsProps {
  isBusy: boolean;
  problem: ReactNode;
  onSubmit: () => void;
  /** Offered while the practice node is not added. */
  onFillPractice?: () => void;
}

export function AddressStep({ isBusy, problem, onSubmit, onFillPractice, ...fields }: AddressStepProps) {
  return (
    <form
      className="panel flex flex-col gap-4 p-4"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {onFillPractice && (
        <div className="flex flex-wrap items-center justify-between gap-2 rounded-lg border border-dashed px-3 py-2">
          <span className="text-muted">
            No machine at hand? The practice node needs no GPU and really trains.
          </span>
          <Button size="sm" onClick={onFillPractice}>
            Fill in the practice node
          </Button>
        </div>
      )}
      <NodeAddressFields {...fields} />
      <NodeCredentialFields {...fields} />
      <NodeSettingsFields {...fields} />
      {problem}
      <div className="flex justify-end gap-2">
        <Button asChild>
          <Link href="/nodes">Cancel</Link>
        </Button>
        <Button type="submit" variant="primary" isBusy={isBusy}>
          Check the host key
        </Button>
      </div>
    </form>
  );
}
