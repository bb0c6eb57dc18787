"use client";

import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { namesOnNode } from "@/server/contracts/data-looks";
import type { DataSetSummary } from "@/server/contracts/data-sets";
import type { NodeView } from "@/server/contracts/nodes";
import type { Fix, RunParameters } from "@/server/contracts/runs";
import { type DataSource, sharedData, sourceOf, uploadedForSft, withData } from "./data-choice";
import type { Draft } from "./draft";

const PreviewRowsDialog = dynamic(() =>
  import("./preview-rows-dialog").then((module) => module.PreviewRowsDialog),
);

export interface DataChooserProps {
  draft: Draft;
  /** As they would be sent. */
  parameters: RunParameters;
  node: NodeView | null;
  sets: readonly DataSetSummary[];
  onChange: (next: (now: Draft) => Draft) => void;
  onFix: (changes: Fix["changes"]) => void;
  /** Rows of this data set were shown. */
  onLooked: (name: string) => void;
}

const SOURCES: { value: DataSource; label: string }[] = [
  { value: "uploaded", label: "Uploaded" },
  { value: "hub", label: "Hub name" },
  { value: "path", label: "Folder on the node" },
];
const HELP = {
  hub: "A data set that DeepSpeed-Chat knows by name, for all three stages.",
  path: "Holds train.json and eval.json, one object a line with prompt, chosen and rejected.",
} as const;

/** The run's data in one place; stages may differ, and then it says so. */
export function DataChooser({ draft, sets, onChange, ...preview }: DataChooserProps) {
  const sftOnly = uploadedForSft(draft);
  const chosen = sharedData(draft) ?? sftOnly;
  const [picked, setPicked] = useState<DataSource | null>(null);
  // What is half typed may look like another kind of text.
  const [isTyped, setTyped] = useState(false);
  const source = picked ?? sourceOf(chosen);
  const shown = chosen !== null && (isTyped || sourceOf(chosen) === source) ? chosen : "";
  const choose = (reference: string, hasPairs = true) =>
    onChange((now) => withData(now, { reference, hasPairs }));
  const pick = (next: DataSource) => {
    setPicked(next);
    setTyped(false);
  };
  return (
    <Field
      label="Data"
      aside={asideOf(chosen, sftOnly)}
      help={source === "uploaded" ? <UploadedHelp sets={sets} chosen={shown} /> : HELP[source]}
    >
      {(control) => (
        <div className="flex flex-wrap items-center gap-2">
          <Segmented
            label="Where the data comes from"
            value={source}
            options={SOURCES}
            onValueChange={pick}
          />
          {source === "uploaded" ? (
            <Select
              {...control}
              className="min-w-60 flex-1"
              options={[{ value: "", label: "Choose a data set" }, ...optionsOf(sets, shown)]}
              value={shown}
              onValueChange={(name) => {
                const found = sets.find(({ newest }) => newest.reference === name);
                if (found) choose(name, found.newest.hasPairs);
              }}
            />
          ) : (
            <Input
              {...control}
              key={source}
              isMono
              className="min-w-60 flex-1"
              autoComplete="off"
              spellCheck={false}
              placeholder={source === "hub" ? "Dahoas/rm-static" : "~/data/my-rows"}
              value={shown}
              onChange={(event) => {
                setTyped(true);
                choose(event.target.value);
              }}
            />
          )}
          <PreviewRows {...preview} />
        </div>
      )}
    </Field>
  );
}

type PreviewRowsProps = Pick<DataChooserProps, "node" | "parameters" | "onFix" | "onLooked">;

/** Of what the stages read: one, or each of several. */
function PreviewRows({ node, ...dialog }: PreviewRowsProps) {
  const [isOpen, setOpen] = useState(false);
  const names = namesOnNode(dialog.parameters);
  if (node === null || names.length === 0) return null;
  return (
    <>
      <Button onClick={() => setOpen(true)}>Preview rows</Button>
      {isOpen && <PreviewRowsDialog node={node} names={names} onClose={() => setOpen(false)} {...dialog} />}
    </>
  );
}

function asideOf(chosen: string | null, sftOnly: string | null): string | undefined {
  if (chosen === null) return "each stage has its own, see Data sets below";
  return sftOnly === null ? undefined : "supervised fine-tuning reads it, the other stages their own";
}

/** With the one that is chosen, though it is an older version. */
function optionsOf(sets: readonly DataSetSummary[], shown: string): { value: string; label: string }[] {
  const options = sets.map(optionOf);
  if (shown === "" || options.some(({ value }) => value === shown)) return options;
  return [{ value: shown, label: `${shown.slice("dataset:".length)}, not the newest version` }, ...options];
}

function optionOf({ name, newest }: DataSetSummary): { value: string; label: string } {
  const answers = newest.hasPairs ? "pairs" : "single answers, SFT only";
  return {
    value: newest.reference,
    label: `${name}, version ${newest.number} · ${newest.trainCount} ${answers}`,
  };
}

function UploadedHelp({ sets, chosen }: Pick<DataChooserProps, "sets"> & { chosen: string }) {
  const set = sets.find(({ newest }) => newest.reference === chosen);
  return (
    <>
      {sets.length === 0 ? "None yet. " : "The run gets its own copy on the node. "}
      <Link href="/datasets" className="rounded underline underline-offset-2">
        Upload a file
      </Link>
      {set && (
        <>
          {" · "}
          <Link href={`/datasets/${set.id}`} className="rounded underline underline-offset-2">
            Rows and lengths of {set.name}
          </Link>
        </>
      )}
    </>
  );
}
