"use client";

import { useCallback, useMemo, useState } from "react";
import { useDraft } from "@/components/hooks/use-draft";
import { useResource } from "@/components/hooks/use-resource";
import { useUrlState } from "@/components/hooks/use-url-state";
import { showToast } from "@/components/ui/toast";
import type { DataSetSummary } from "@/server/contracts/data-sets";
import type { NodeView } from "@/server/contracts/nodes";
import type { Preset, RecipeView } from "@/server/contracts/recipes";
import type { RunView } from "@/server/contracts/runs";
import type { StageKind } from "@/server/contracts/statuses";
import { type DataChoice, keepOwnData, withData, withUploaded } from "./data-choice";
import {
  type Draft,
  newDraft,
  suitableNode,
  suitablePreset,
  toParameters,
  withNode,
  withPreset,
} from "./draft";
import { newIdempotencyKey } from "./new-idempotency-key";
import { type PresetChange, presetChanges } from "./preset-changes";
import { focusIssues } from "./start-bar";
import { StoredDraft } from "./stored-draft";
import { useDataLook } from "./use-data-look";
import { isHiddenField, useFieldView } from "./use-field-view";
import { useFindings } from "./use-findings";
import { useFixes } from "./use-fixes";
import { useNodeChecks } from "./use-node-checks";
import { usePreview } from "./use-preview";
import { useShowField } from "./use-show-field";
import { useStartRun } from "./use-start-run";

export interface NewRunInput {
  nodes: readonly NodeView[];
  recipe: RecipeView;
  presets: readonly Preset[];
  clone: RunView | null;
  presetId: string | null;
  nodeId: string | null;
  /** Uploaded data sets. */
  sets: readonly DataSetSummary[];
  /** What the address names. */
  data: DataChoice | null;
}

/** The form's state and everything that follows from it: what is sent, what is wrong, what differs from the preset. */
export function useNewRun(input: NewRunInput) {
  "use memo";
  const { nodes, presets, clone } = input;
  // An address that names a node or a preset begins a draft of its own.
  const storageKey = ["new-run", clone?.id, input.nodeId, input.presetId, input.data?.reference]
    .map((part) => part ?? "")
    .join(":");
  const { draft, setDraft, forget } = useDraft<Draft>(storageKey, StoredDraft, () => beginning(input));
  const [part, setPart] = useUrlState("stage", "sft");
  const own = useResource<RecipeView>(
    draft.nodeId === null ? null : `/recipes/deepspeed-chat?nodeId=${draft.nodeId}`,
  );
  // The shipped list stands in until the node's own is there.
  const known = own.data ?? input.recipe;
  const recipe = useMemo(() => withUploaded(known, input.sets), [known, input.sets]);
  const parameters = useMemo(() => toParameters(draft, recipe), [draft, recipe]);
  const preview = usePreview({ nodeId: draft.nodeId, name: draft.name, parameters });
  const fieldView = useFieldView();
  const { ref, show } = useShowField(part, {
    onOpenPart: setPart,
    onReveal: (path) => isHiddenField(path, recipe, fieldView) && fieldView.showAll(),
  });
  const onRefused = (error: { details: { fields?: { path: string }[] } }) => {
    const path = error.details.fields?.[0]?.path.replace(/^parameters\./, "");
    if (path !== undefined) show(path);
  };
  const start = useStartRun({ forget, onRefused });
  const isSettled = preview.isCurrent && preview.error === null;
  const node = nodes.find(({ id }) => id === draft.nodeId) ?? null;
  const look = useNodeChecks({ node, parameters, isSettled });
  const dataLook = useDataLook(node, parameters, look);
  const asked = node && { name: node.name, look };
  const found = useFindings({
    draft,
    recipe,
    preview,
    node: asked,
    rows: dataLook.source,
    refusal: start.error,
  });
  const preset = presets.find(({ id }) => id === draft.parameters.presetId) ?? null;

  /** What the last start was refused for may be mended by any change. */
  const { error: refusal, reset: forgetRefusal } = start;
  const change = useCallback(
    (next: (now: Draft) => Draft) => {
      if (refusal) forgetRefusal();
      setDraft(next);
    },
    [refusal, forgetRefusal, setDraft],
  );
  const isCurrent = found.sources.every(({ state }) => state !== "looking");
  const fixes = useFixes({ draft, issues: found.issues, isCurrent, change });
  /** For changes that replace what somebody may have typed. */
  function replace(next: Draft, text: string) {
    const before = draft;
    change(() => next);
    showToast({ tone: "ok", text, action: { label: "Undo", run: () => change(() => before) } });
  }
  const [isAsking, setAsking] = useState(false);
  const isStarting = isAsking || start.isPending;
  /** Starts what stood in the form when it was pressed, whatever is typed while its check is awaited. */
  async function submit() {
    if (isStarting) return;
    setAsking(true);
    const blocking = await found.findBlocking().finally(() => setAsking(false));
    if (blocking === null) start.mutate({ draft, parameters });
    else if (blocking.path !== null) show(blocking.path);
    else focusIssues();
  }

  const { stages } = draft.parameters;
  const changes = useMemo(() => changesOf(stages, recipe, preset), [stages, recipe, preset]);
  const changeCount = [...changes.values()].reduce((sum, { size }) => sum + size, 0);
  return {
    ...{
      ref,
      draft,
      parameters,
      recipe,
      node,
      preset,
      part,
      setPart,
      preview,
      found,
      dataLook,
      fixes,
      fieldView,
      start,
      isStarting,
      changes,
      changeCount,
    },
    show,
    change,
    submit,
    beginAnew: () => replace(beginning(input), "The form is as it was at the beginning."),
    chooseNode: (nodeId: string) => change((now) => onNodeChosen(now, nodeId, input)),
    choosePreset(next: Preset) {
      const replaced = keepOwnData(draft, withPreset(draft, next, presets));
      if (changeCount === 0) change(() => replaced);
      else replace(replaced, `“${next.name}” has replaced what was changed.`);
    },
    resetToPreset: () =>
      preset && replace(withPreset(draft, preset, presets), `Every field is as in “${preset.name}”.`),
  };
}

function beginning(input: NewRunInput): Draft {
  const { nodes, presets, clone, presetId, nodeId, data } = input;
  const node = nodes.find(({ id }) => id === nodeId) ?? suitableNode(nodes);
  const preset = presets.find(({ id }) => id === presetId) ?? suitablePreset(presets, node);
  const draft = newDraft({ node, preset, clone, idempotencyKey: newIdempotencyKey() });
  return data === null ? draft : withData(draft, data);
}

/** The practice node knows only the practice preset, and no other node knows it. */
function onNodeChosen(draft: Draft, nodeId: string, { nodes, presets }: NewRunInput): Draft {
  const node = nodes.find(({ id }) => id === nodeId) ?? null;
  const current = presets.find(({ id }) => id === draft.parameters.presetId);
  const preset = suitablePreset(presets, node);
  const moved = withNode(draft, nodeId);
  if (!preset || !current || current.isPractice === node?.isPractice) return moved;
  return keepOwnData(moved, withPreset(moved, preset, presets));
}

function changesOf(
  stages: Draft["parameters"]["stages"],
  recipe: RecipeView,
  preset: Preset | null,
): Map<StageKind, Map<string, PresetChange>> {
  return new Map(
    recipe.stages.map(({ kind, fields }) => {
      const own = stages[kind];
      return [kind, presetChanges(fields, own, preset?.stages[kind] ?? own)];
    }),
  );
}
