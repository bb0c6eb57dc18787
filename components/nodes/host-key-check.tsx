"use client";

import { useId } from "react";
import { Checkbox } from "@/components/ui/checkbox";
import { CopyButton } from "@/components/ui/copy-button";
import type { HostKey } from "@/server/contracts/nodes";
import { hostKeyCommand } from "./host-key-command";

export interface HostKeyCheckProps {
  hostKey: HostKey;
  /** Pinned until now, when the key has changed. */
  pinnedFingerprint?: string | null;
  isPractice?: boolean;
  isConfirmed: boolean;
  onConfirmedChange: (isConfirmed: boolean) => void;
}

/** The fingerprint, how to compare it, and the tick that says it was compared. Nothing secret was sent so far. */
export function HostKeyCheck(props: HostKeyCheckProps) {
  const { hostKey, pinnedFingerprint = null, isPractice = false, isConfirmed, onConfirmedChange } = props;
  const tickId = useId();
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 rounded-lg bg-fill px-3 py-2.5">
        <dt className="text-muted">algorithm</dt>
        <dd className="num break-all leading-5">{hostKey.algorithm}</dd>
        {pinnedFingerprint !== null && (
          <>
            <dt className="text-muted">pinned until now</dt>
            <dd className="num break-all leading-5">{pinnedFingerprint}</dd>
          </>
        )}
        <dt className="text-muted">{pinnedFingerprint === null ? "fingerprint" : "shown now"}</dt>
        <dd className="num break-all font-medium leading-5" data-testid="fingerprint">
          {hostKey.fingerprint}
        </dd>
      </dl>
      {isPractice ? (
        <p className="text-muted">
          The practice node runs inside Trainyard on the server itself; its key was made at the first start.
        </p>
      ) : (
        <div>
          <p className="text-muted">
            On the node's own console, or from whoever gave you the password, compare with:
          </p>
          <div className="mt-1 flex items-center gap-1 rounded-lg border py-0.5 pr-1 pl-3">
            <code className="num min-w-0 flex-1 break-all">{hostKeyCommand(hostKey.algorithm)}</code>
            <CopyButton text={hostKeyCommand(hostKey.algorithm)} label="Copy the command" />
          </div>
        </div>
      )}
      <div className="flex items-start gap-2">
        <Checkbox
          id={tickId}
          className="mt-0.5"
          checked={isConfirmed}
          onCheckedChange={(checked) => onConfirmedChange(checked === true)}
        />
        <label htmlFor={tickId}>
          The fingerprints are the same. Pin this key; a different one will never get the credential.
        </label>
      </div>
    </div>
  );
}
