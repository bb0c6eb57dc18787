"use client";

import { type FormEvent, useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { type CreatedToken, CreateTokenInput } from "@/server/contracts/tokens";

const EXPIRY = [
  { value: "30", label: "in 30 days" },
  { value: "90", label: "in 90 days" },
  { value: "365", label: "in a year" },
  { value: "", label: "never" },
];

/** Mounted while open. Asks for a name, then shows the token this once. */
export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const create = useAction({
    run: (body: CreateTokenInput) => request<CreatedToken>("/tokens", { method: "POST", body }),
    touches: ["/tokens"],
  });
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      {create.data ? (
        <DialogContent
          title="Copy the token now"
          description="It is shown this once; only its hash is stored."
          footer={
            <Button variant="primary" onClick={onClose}>
              Done
            </Button>
          }
        >
          <div className="flex items-center gap-2 rounded-lg bg-fill py-1 pr-1 pl-3">
            <code className="num min-w-0 flex-1 select-all break-all">{create.data.token}</code>
            <CopyButton text={create.data.token} label="Copy the token" />
          </div>
        </DialogContent>
      ) : (
        <CreateTokenForm
          isBusy={create.isPending}
          error={create.error}
          onSubmit={create.mutate}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}

interface CreateTokenFormProps {
  isBusy: boolean;
  error: Error | null;
  onSubmit: (input: CreateTokenInput) => void;
  onClose: () => void;
}

function CreateTokenForm({ isBusy, error, onSubmit, onClose }: CreateTokenFormProps) {
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const [problem, setProblem] = useState<string | null>(null);
  function submit(event: FormEvent) {
    event.preventDefault();
    const parsed = CreateTokenInput.safeParse({ name, expiresInDays: days === "" ? null : Number(days) });
    setProblem(parsed.success ? null : (parsed.error.issues[0]?.message ?? "Check the name."));
    if (parsed.success) onSubmit(parsed.data);
  }
  return (
    <DialogContent
      title="Create an API token"
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form="create-token" isBusy={isBusy}>
            Create token
          </Button>
        </>
      }
    >
      <form id="create-token" onSubmit={submit} className="flex flex-col gap-3">
        <Field label="Name" help="What will use it, so that you know it again." error={problem}>
          {(control) => (
            <Input
              {...control}
              autoFocus
              maxLength={80}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Expires">
          {(control) => <Select {...control} options={EXPIRY} value={days} onValueChange={setDays} />}
        </Field>
        {error && <ErrorNotice error={error} />}
      </form>
    </DialogContent>
  );
}
