import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { Textarea } from "@/components/ui/textarea";
import type { NodeFormValues } from "./node-form-values";

export interface NodeFieldsProps {
  values: NodeFormValues;
  errors: Readonly<Record<string, string>>;
  onChange: (changes: Partial<NodeFormValues>) => void;
  /** A credential is stored: leaving it empty keeps it. */
  isCredentialKept?: boolean;
}

const METHODS = [
  { value: "password", label: "Password" },
  { value: "private_key", label: "Private key" },
] as const;

/** Where the node is, and what proves who logs in. */
export function NodeAddressFields({ values, errors, onChange }: NodeFieldsProps) {
  return (
    <div className="grid gap-x-4 gap-y-3 sm:grid-cols-[1fr_112px]">
      <Field label="IP address or host name" error={errors.host ?? null}>
        {(control) => (
          <Input
            {...control}
            isMono
            value={values.host}
            placeholder="10.0.0.4"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ host: event.target.value })}
          />
        )}
      </Field>
      <Field label="Port" error={errors.port ?? null}>
        {(control) => (
          <Input
            {...control}
            isMono
            inputMode="numeric"
            value={values.port}
            onChange={(event) => onChange({ port: event.target.value })}
          />
        )}
      </Field>
      <Field label="User name" error={errors.username ?? null}>
        {(control) => (
          <Input
            {...control}
            isMono
            value={values.username}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ username: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Name"
        className="sm:col-start-1"
        help="Shown everywhere; the address when empty."
        error={errors.name ?? null}
      >
        {(control) => (
          <Input
            {...control}
            value={values.name}
            autoComplete="off"
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

export function NodeCredentialFields({
  values,
  errors,
  onChange,
  isCredentialKept = false,
}: NodeFieldsProps) {
  const kept = isCredentialKept ? "Leave it empty to keep the stored one." : undefined;
  return (
    <div className="flex flex-col gap-3">
      <Field label="Log in with" className="max-w-52">
        {(control) => (
          <Select
            {...control}
            options={METHODS}
            value={values.method}
            onValueChange={(method) =>
              onChange({ method: method === "private_key" ? "private_key" : "password" })
            }
          />
        )}
      </Field>
      {values.method === "password" ? (
        <Field
          label="Password"
          help={kept ?? "Encrypted by the worker, and never sent back to any page."}
          error={errors["credential.password"] ?? errors.credential ?? null}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              autoComplete="off"
              value={values.password}
              onChange={(event) => onChange({ password: event.target.value })}
            />
          )}
        </Field>
      ) : (
        <>
          <Field
            label="Private key"
            help={kept ?? "The whole file, OpenSSH or PEM. Encrypted by the worker, and never sent back."}
            error={errors["credential.privateKey"] ?? errors.credential ?? null}
          >
            {(control) => (
              <Textarea
                {...control}
                isMono
                rows={5}
                spellCheck={false}
                autoComplete="off"
                placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
                value={values.privateKey}
                onChange={(event) => onChange({ privateKey: event.target.value })}
              />
            )}
          </Field>
          <Field
            label="Passphrase"
            help="Only if the key has one."
            error={errors["credential.passphrase"] ?? null}
          >
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="off"
                value={values.passphrase}
                onChange={(event) => onChange({ passphrase: event.target.value })}
              />
            )}
          </Field>
        </>
      )}
    </div>
  );
}
