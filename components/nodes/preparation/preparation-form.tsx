"use client";

import { useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Switch } from "@/components/ui/switch";
import { Textarea } from "@/components/ui/textarea";
import type { PreparationView } from "@/server/contracts/preparation";
import { ArchiveField } from "./archive-field";
import { hasExamplesError, inputOf, isSecret, type PreparationValues, valuesOf } from "./preparation-values";

type TextKey = Exclude<keyof PreparationValues, "isOffline" | "examplesSource" | "forgotten" | "models">;
interface TextField {
  key: TextKey;
  label: string;
  help: string;
  placeholder?: string;
}

const PACKAGES: TextField[] = [
  { key: "python", label: "Python", help: "3.11 or later; a name on PATH, or a path." },
  {
    key: "torch",
    label: "PyTorch",
    help: "That of the lock set when empty.",
    placeholder: "torch==2.13.0+cu128",
  },
  {
    key: "indexUrl",
    label: "Index URL",
    help: "What the node's pip uses when empty.",
    placeholder: "https://mirror.example.org/simple",
  },
  {
    key: "extraIndexUrl",
    label: "Extra index URL",
    help: "For builds of PyTorch by CUDA release.",
    placeholder: "https://…/whl/cu128",
  },
  { key: "indexUsername", label: "Index user", help: "Only for an index with a login." },
  { key: "indexPassword", label: "Index password", help: "Stored encrypted, never shown." },
  {
    key: "proxyUrl",
    label: "Proxy",
    help: "For pip, git and the hub.",
    placeholder: "http://proxy.example.org:3128",
  },
  { key: "proxyUsername", label: "Proxy user", help: "Only for a proxy with a login." },
  { key: "proxyPassword", label: "Proxy password", help: "Stored encrypted, never shown." },
];
const EXAMPLES: TextField[] = [
  { key: "examplesUrl", label: "Repository", help: "DeepSpeedExamples, or a copy of it." },
  { key: "examplesRef", label: "Commit", help: "A commit, a tag or a branch." },
];
const HUB: TextField[] = [
  { key: "hubToken", label: "Hub token", help: "For models that need one. Stored encrypted, never shown." },
  {
    key: "hubDirectory",
    label: "HF_HOME",
    help: "Inside the environment when empty, and removed with it.",
    placeholder: "/data/huggingface",
  },
  { key: "hubUrl", label: "Hub address", help: "A mirror of huggingface.co." },
];

export interface PreparationFormProps {
  nodeId: string;
  view: PreparationView;
  onStarted: () => void;
}

export function PreparationForm({ nodeId, view, onStarted }: PreparationFormProps) {
  const [values, setValues] = useState(() => valuesOf(view.settings));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const change = (changes: Partial<PreparationValues>) => setValues((now) => ({ ...now, ...changes }));
  const prepare = useAction({
    run: (body: unknown) => request<PreparationView>(`/nodes/${nodeId}/prepare`, { method: "POST", body }),
    touches: [`/nodes/${nodeId}`],
    onDone: onStarted,
    onError: (error) =>
      setErrors(Object.fromEntries((error.details.fields ?? []).map(({ path, message }) => [path, message]))),
  });
  function submit() {
    const { input, errors: found } = inputOf(values);
    setErrors(found ?? {});
    if (input !== null) prepare.mutate(input);
  }
  const texts = (fields: TextField[]) =>
    fields.map((field) => (
      <PreparationText
        key={field.key}
        field={field}
        view={view}
        values={values}
        errors={errors}
        onChange={change}
      />
    ));
  return (
    <form
      className="flex flex-col gap-3"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Field
        label="Models"
        help="Names on the hub, one a line; fetched into the cache."
        error={errors["settings.models"] ?? null}
      >
        {(control) => (
          <Textarea
            {...control}
            isMono
            rows={2}
            spellCheck={false}
            placeholder="facebook/opt-1.3b"
            value={values.models}
            onChange={(event) => change({ models: event.target.value })}
          />
        )}
      </Field>
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">{texts(HUB)}</div>
      <Field label="Offline" help="The node's runs never ask the hub; models have to be in the cache.">
        {(control) => (
          <Switch
            {...control}
            checked={values.isOffline}
            onCheckedChange={(isOffline) => change({ isOffline })}
          />
        )}
      </Field>
      <details className="rounded-lg border px-3 py-2" open={hasError(errors, PACKAGES) || undefined}>
        <summary className="rounded font-medium">Python, index and proxy</summary>
        <div className="mt-3 grid gap-x-4 gap-y-3 sm:grid-cols-2">{texts(PACKAGES)}</div>
      </details>
      <details className="rounded-lg border px-3 py-2" open={hasExamplesError(errors) || undefined}>
        <summary className="rounded font-medium">DeepSpeedExamples</summary>
        <div className="mt-3 flex flex-col gap-3">
          <Segmented
            label="Source"
            value={values.examplesSource}
            onValueChange={(examplesSource) => change({ examplesSource })}
            options={[
              { value: "clone", label: "Clone" },
              { value: "archive", label: "Upload" },
            ]}
          />
          {values.examplesSource === "clone" ? (
            <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">{texts(EXAMPLES)}</div>
          ) : (
            <ArchiveField
              nodeId={nodeId}
              archive={view.archive}
              error={errors["settings.examplesSource"] ?? null}
            />
          )}
        </div>
      </details>
      {prepare.error && <ErrorNotice error={prepare.error} title="Could not start preparing." />}
      <div className="flex justify-end">
        <Button type="submit" variant="primary" isBusy={prepare.isPending}>
          {view.job === null || view.preparedAt === null ? "Prepare this node" : "Prepare again"}
        </Button>
      </div>
    </form>
  );
}

function hasError(errors: Record<string, string>, fields: TextField[]): boolean {
  return fields.some(({ key }) => errors[pathOf(key)] !== undefined);
}

function pathOf(key: TextKey): string {
  return `${isSecret(key) ? "secrets" : "settings"}.${key}`;
}

function PreparationText({
  field,
  view,
  values,
  errors,
  onChange,
}: {
  field: TextField;
  view: PreparationView;
  values: PreparationValues;
  errors: Record<string, string>;
  onChange: (changes: Partial<PreparationValues>) => void;
}) {
  const { key, label, help, placeholder } = field;
  const isStored = isSecret(key) && view.storedSecrets.includes(key) && !values.forgotten.includes(key);
  return (
    <Field
      label={label}
      help={help}
      error={errors[pathOf(key)] ?? null}
      aside={
        isStored ? (
          <button
            type="button"
            className="underline"
            onClick={() => isSecret(key) && onChange({ forgotten: [...values.forgotten, key], [key]: "" })}
          >
            Forget {label.toLowerCase()}
          </button>
        ) : undefined
      }
    >
      {(control) => (
        <Input
          {...control}
          isMono
          type={isSecret(key) ? "password" : "text"}
          autoComplete="off"
          spellCheck={false}
          placeholder={isStored ? "stored" : placeholder}
          value={values[key]}
          onChange={(event) => onChange({ [key]: event.target.value })}
        />
      )}
    </Field>
  );
}
