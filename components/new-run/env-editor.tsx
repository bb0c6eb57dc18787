"use client";

import { Plus, X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { EnvMap } from "@/server/contracts/nodes";
import { HIDDEN_VALUE, isSecretName } from "@/server/contracts/secrets";

export interface EnvEditorProps {
  env: EnvMap;
  /** `stages.<kind>.env` */
  path: string;
  /** Message by variable name. */
  problemOf: (name: string) => string | null;
  onChange: (env: EnvMap) => void;
}

const ROW = "grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-center gap-1.5";

/** Environment variables of one stage. They travel in a file that only the node's user can read, never in a command line. */
export function EnvEditor({ env, path, problemOf, onChange }: EnvEditorProps) {
  const remove = (key: string) =>
    onChange(Object.fromEntries(Object.entries(env).filter(([one]) => one !== key)));
  return (
    <div className="flex flex-col gap-1.5" data-path={path}>
      {Object.entries(env).map(([key, current]) => {
        const problem = problemOf(key);
        return (
          <div key={key} data-path={`${path}.${key}`}>
            <div className={ROW}>
              <code className="num truncate rounded-lg bg-fill px-2.5 py-1.5" title={key}>
                {key}
              </code>
              <Input
                isMono
                aria-label={`Value of ${key}`}
                aria-invalid={problem ? true : undefined}
                {...secretProps(key, current)}
                onChange={(event) => onChange({ ...env, [key]: event.target.value })}
              />
              <Button variant="ghost" size="icon" aria-label={`Remove ${key}`} onClick={() => remove(key)}>
                <X />
              </Button>
            </div>
            {problem && (
              <p role="alert" className="text-xs">
                <FieldError>{problem}</FieldError>
              </p>
            )}
          </div>
        );
      })}
      <NewVariable onAdd={(name, value) => onChange({ ...env, [name]: value })} />
      {Object.keys(env).some(isSecretName) && (
        <p className="text-2xs text-muted">
          Values of names such as HF_TOKEN or WANDB_API_KEY are stored on this server as typed, sent to the
          node in a file that only its user can read, and never shown again.
        </p>
      )}
    </div>
  );
}

/** A value that the server keeps back is shown as kept; typing replaces it. */
function secretProps(name: string, value: string) {
  if (!isSecretName(name)) return { value };
  const isKept = value === HIDDEN_VALUE;
  return {
    type: "password",
    autoComplete: "off",
    value: isKept ? "" : value,
    placeholder: isKept ? "kept from the run that is cloned" : "",
  };
}

function NewVariable({ onAdd }: { onAdd: (name: string, value: string) => void }) {
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  function add() {
    const [key = "", ...rest] = name.trim().split("=");
    if (key === "") return;
    // NAME=value may be pasted as one.
    onAdd(key, rest.length > 0 ? rest.join("=") : value);
    setName("");
    setValue("");
  }
  function addOnEnter(event: KeyboardEvent) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    add();
  }
  return (
    // Leaving the row adds what was typed: a variable without a press of + would be lost at the start.
    <fieldset
      aria-label="New variable"
      className={ROW}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && add()}
    >
      <Input
        isMono
        aria-label="Name of a new variable"
        placeholder="NCCL_DEBUG"
        autoCapitalize="off"
        spellCheck={false}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={addOnEnter}
      />
      <Input
        isMono
        aria-label="Value of the new variable"
        placeholder="INFO"
        autoCapitalize="off"
        spellCheck={false}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        onKeyDown={addOnEnter}
      />
      <Button size="icon" aria-label="Add the variable" disabled={name.trim() === ""} onClick={add}>
        <Plus />
      </Button>
    </fieldset>
  );
}
