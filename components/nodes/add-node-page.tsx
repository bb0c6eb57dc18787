"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { useFocusInvalid } from "@/components/hooks/use-focus-invalid";
import { useResource } from "@/components/hooks/use-resource";
import { PageHeader } from "@/components/ui/page-header";
import type { CreateNodeInput, HostKey, PracticeAddress } from "@/server/contracts/nodes";
import { AddressStep } from "./address-step";
import { HostKeyStep } from "./host-key-step";
import { EMPTY_NODE_FORM, type NodeFormValues, parseNewNode } from "./node-form-values";

export interface AddNodePageProps {
  /** Fill in the practice node's address and its own local password. */
  isPractice: boolean;
}

/** Two phases: an address and a credential; then the host's key, and only after that the credential travels. */
export function AddNodePage({ isPractice }: AddNodePageProps) {
  const router = useRouter();
  const [values, setValues] = useState<NodeFormValues>(EMPTY_NODE_FORM);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [checked, setChecked] = useState<{ input: CreateNodeInput; hostKey: HostKey } | null>(null);
  const practice = useResource<PracticeAddress>("/nodes/practice");
  const fetchKey = useAction({
    run: ({ host, port }: CreateNodeInput) =>
      request<HostKey>("/nodes/host-key", { method: "POST", body: { host, port } }),
    onDone: (hostKey, input) => setChecked({ input, hostKey }),
  });

  const address = practice.data;
  const fillPractice = () => address && setValues((now) => ({ ...now, ...practiceValues(address) }));
  // The address comes from the server after the page: a link to "?practice=1" fills the form then.
  useEffect(() => {
    if (isPractice && address)
      setValues((now) => (now.host === "" ? { ...now, ...practiceValues(address) } : now));
  }, [isPractice, address]);

  const form = useFocusInvalid<HTMLDivElement>();
  function check(next: NodeFormValues) {
    const parsed = parseNewNode(next);
    setErrors(parsed.isOk ? {} : parsed.fields);
    return parsed;
  }
  function change(changes: Partial<NodeFormValues>) {
    const next = { ...values, ...changes };
    setValues(next);
    // What was refused once is looked at again with every key.
    if (Object.keys(errors).length > 0) check(next);
  }
  function toHostKey() {
    const parsed = check(values);
    if (parsed.isOk) fetchKey.mutate(parsed.data);
    else form.focusInvalid();
  }

  const isPracticeHost =
    address !== undefined && values.host === address.host && values.port === String(address.port);
  return (
    <div ref={form.ref} className="max-w-2xl">
      <PageHeader
        title="Add node"
        facts={
          <span>
            {checked === null
              ? "Step 1 of 2: where it is and who logs in"
              : "Step 2 of 2: is it really that machine"}
          </span>
        }
      />
      {checked === null ? (
        <AddressStep
          values={values}
          errors={errors}
          onChange={change}
          isBusy={fetchKey.isPending}
          problem={fetchKey.error && <ErrorNotice error={fetchKey.error} onRetry={toHostKey} />}
          onSubmit={toHostKey}
          {...(address && !isPracticeHost && !address.isAdded ? { onFillPractice: fillPractice } : {})}
        />
      ) : (
        <HostKeyStep
          input={checked.input}
          hostKey={checked.hostKey}
          isPractice={isPracticeHost}
          onBack={() => setChecked(null)}
          onRefused={(fields) => {
            setErrors(Object.fromEntries(fields.map(({ path, message }) => [path, message])));
            setChecked(null);
          }}
          onAdded={(node) => router.push(`/nodes/${node.id}`)}
        />
      )}
    </div>
  );
}

function practiceValues(address: PracticeAddress): Partial<NodeFormValues> {
  return {
    name: "practice",
    host: address.host,
    port: String(address.port),
    username: address.username,
    method: "password",
    password: address.password,
  };
}
