"use client";

import { NodeStatusBadge } from "@/components/status/status-badge";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { describeGpus } from "@/components/yard/prepare-node";
import type { NodeView } from "@/server/contracts/nodes";
import type { Preset } from "@/server/contracts/recipes";
import type { Draft } from "./draft";

export interface RunBasicsProps {
  draft: Draft;
  nodes: readonly NodeView[];
  presets: readonly Preset[];
  problems: ReadonlyMap<string, string>;
  onName: (name: string) => void;
  onNode: (nodeId: string) => void;
  onPreset: (preset: Preset) => void;
}

/** Where, from which preset, and under which name. */
export function RunBasics({ draft, nodes, presets, problems, onName, onNode, onPreset }: RunBasicsProps) {
  const node = nodes.find(({ id }) => id === draft.nodeId);
  const preset = presets.find(({ id }) => id === draft.parameters.presetId);
  const options = [
    ...(preset ? [] : [{ value: "", label: "None" }]),
    ...presets.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <div className="mb-4 grid gap-x-6 gap-y-1 sm:grid-cols-2">
      <Field
        label="Preset"
        help={preset?.description ?? "Fields as they were cloned."}
        error={problems.get("presetId") ?? null}
      >
        {(control) => (
          <Select
            {...control}
            options={options}
            value={preset?.id ?? ""}
            onValueChange={(id) => {
              const chosen = presets.find((one) => one.id === id);
              if (chosen) onPreset(chosen);
            }}
          />
        )}
      </Field>
      <Field
        label="Node"
        aside={node && <NodeStatusBadge status={node.status} />}
        help={node ? describeGpus(node.gpus) : "The machine that trains."}
        error={problems.get("nodeId") ?? null}
      >
        {(control) => (
          <Select
            {...control}
            options={nodes.map(({ id, name, host }) => ({ value: id, label: `${name} (${host})` }))}
            value={draft.nodeId ?? ""}
            onValueChange={onNode}
          />
        )}
      </Field>
      <Field label="Name" error={problems.get("name") ?? null} className="sm:col-span-2">
        {(control) => (
          <Input
            {...control}
            required
            maxLength={120}
            value={draft.name}
            onChange={(event) => onName(event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}
