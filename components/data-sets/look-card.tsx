"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { useResource } from "@/components/hooks/use-resource";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { NodeView } from "@/server/contracts/nodes";
import type { Page } from "@/server/contracts/primitives";

const PreviewPanel = dynamic(() => import("./preview-panel").then((module) => module.PreviewPanel));

/** Data that needs no upload, looked at before a run names it. */
export function LookCard() {
  const nodes = useResource<Page<NodeView>>("/nodes?limit=200");
  const [picked, setPicked] = useState("");
  const [name, setName] = useState("");
  const [asked, setAsked] = useState<{ nodeId: string; name: string; nodeName: string } | null>(null);
  const items = nodes.data?.items ?? [];
  const node =
    items.find(({ id }) => id === picked) ?? items.find(({ status }) => status === "online") ?? items[0];
  if (node === undefined) return null;
  return (
    <Card title="Look at a hub data set or a folder on a node" note="as training there would read it">
      <form
        noValidate
        className="mt-1 grid items-end gap-3 sm:grid-cols-[minmax(0,200px)_minmax(0,1fr)_max-content]"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") setAsked({ nodeId: node.id, nodeName: node.name, name: name.trim() });
        }}
      >
        <Field label="Node">
          {(control) => (
            <Select
              {...control}
              options={items.map(({ id, name: label }) => ({ value: id, label }))}
              value={node.id}
              onValueChange={setPicked}
            />
          )}
        </Field>
        <Field label="Name or path">
          {(control) => (
            <Input
              {...control}
              isMono
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              placeholder={
                node.isPractice ? "practice/helpful or ~/data/my-rows" : "Dahoas/rm-static or ~/data/my-rows"
              }
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" disabled={name.trim() === ""}>
          Show rows
        </Button>
      </form>
      {asked && (
        <div className="mt-4 border-t pt-4">
          <PreviewPanel
            key={`${asked.nodeId} ${asked.name}`}
            asked={{ nodeId: asked.nodeId, name: asked.name }}
            nodeName={asked.nodeName}
          />
        </div>
      )}
    </Card>
  );
}
