"use client";

import { NodeStatusBadge } from "@/components/status/status-badge";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { describeGpus } from "@/components/yard/prepare-node";
import type { NodeView } from "@/server/contracts/nodes";

export interface RunBasicsProps {
  name: string;
  node: NodeView | null;
  nodes: readonly NodeView[];
  /** Errors by path. */
  problems: ReadonlyMap<string, string>;
  /** Warnings by path. */
  doubts: ReadonlyMap<string, string>;
  onName: (name: string) => void;
  onNode: (nodeId: string) => void;
}

/** Under which name, and where. */
export function RunBasics({ name, node, nodes, problems, doubts, onName, onNode }: RunBasicsProps) {
  "use memo";
  const options = nodes.map((one) => ({
    value: one.id,
    label: `${one.name} · ${describeGpus(one.gpus)}${one.status === "online" ? "" : " · not online"}`,
  }));
  return (
    <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2">
      <Field label="Name" path="name" error={problems.get("name") ?? null}>
        {(control) => (
          <Input
            {...control}
            required
            maxLength={120}
            autoComplete="off"
            value={name}
            onChange={(event) => onName(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Node"
        path="nodeId"
        aside={node && <NodeStatusBadge status={node.status} />}
        help={
          node && node.status !== "online"
            ? "It cannot be reached now. The run waits in the queue until it can."
            : node && `${node.username}@${node.host}:${node.port}`
        }
        error={problems.get("nodeId") ?? null}
        warning={doubts.get("nodeId") ?? null}
      >
        {(control) => (
          <Select
            {...control}
            options={node ? options : [{ value: "", label: "Choose a node" }, ...options]}
            value={node?.id ?? ""}
            onValueChange={onNode}
          />
        )}
      </Field>
    </div>
  );
}
