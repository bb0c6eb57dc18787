"use client";

import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { FieldError } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import type { EnvMap } from "@/server/contracts/nodes";
import { HIDDEN_VALUE, isSecretName } from "@/server/contracts/secrets";

export interface EnvEditorProps {
  env: EnvMap;
  /** Message by variable name. */
  problemOf: (name: string) => string | null;
  onChange: (env: EnvMap) => void;
}

/** Environment variables of one stage. They travel in a file that only the node's user can read, never in a command line. */
export function EnvEditor({ env, problemOf, onChange }: EnvEditorProps) {
  const [name, setName] = useState("");
  const [value, setValue] = useState("");
  function add() {
    const key = name.trim();
    if (key === "") return;
    onChange({ ...env, [key]: value });
    setName("");
    setValue("");
  }
  function remove(key: string) {
    onChange(Object.fromEntries(Object.entries(env).filter(([one]) => one !== key)));
  }
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="mb-1 font-medium text-sm">Environment variables</legend>
      {Object.entries(env).map(([key, current]) => {
        const problem = problemOf(key);
        return (
          <div key={key}>
            <div className="flex items-center gap-1.5">
              <code className="num w-48 shrink-0 truncate" title={key}>
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
            {problem && <FieldError>{problem}</FieldError>}
          </div>
        );
      })}
      <div className="flex gap-1.5">
        <Input
          isMono
          className="w-48 shrink-0"
          aria-label="Name of a new variable"
          placeholder="NCCL_DEBUG"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Input
          isMono
          aria-label="Value of the new variable"
          placeholder="INFO"
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <Button size="icon" aria-label="Add the variable" disabled={name.trim() === ""} onClick={add}>
          <Plus />
        </Button>
      </div>
      {Object.keys(env).some(isSecretName) && (
        <p className="text-2xs text-muted">
          Values of names such as HF_TOKEN or WANDB_API_KEY are stored on this server as typed, sent to the
          node in a file that only its user can read, and never shown again.
        </p>
      )}
    </fieldset>
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
