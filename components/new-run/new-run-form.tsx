"use client";

import { useRouter } from "next/navigation";
import { useEffect, useMemo, useRef, useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useAction } from "@/components/hooks/use-action";
import { useDraft } from "@/components/hooks/use-draft";
import { useUrlState } from "@/components/hooks/use-url-state";
import { STAGE_LOOK } from "@/components/status/stage-table";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Tab, TabPanel, Tabs, TabsList } from "@/components/ui/tabs";
import type { NodeView } from "@/server/contracts/nodes";
import type { Preset, RecipeView } from "@/server/contracts/recipes";
import type { RunView } from "@/server/contracts/runs";
import {
  type Draft,
  newDraft,
  problemsByPath,
  suitableNode,
  suitablePreset,
  toParameters,
  withField,
  withFix,
  withPreset,
  withStage,
} from "./draft";
import { EvaluationForm } from "./evaluation-form";
import { newIdempotencyKey } from "./new-idempotency-key";
import { PreviewPanel } from "./preview-panel";
import { RunBasics } from "./run-basics";
import { StageForm } from "./stage-form";
import { StoredDraft } from "./stored-draft";
import { usePreview } from "./use-preview";

export interface NewRunFormProps {
  nodes: readonly NodeView[];
  recipe: RecipeView;
  presets: readonly Preset[];
  clone: RunView | null;
  presetId: string | null;
  nodeId: string | null;
}

export function NewRunForm(props: NewRunFormProps) {
  const { nodes, recipe, presets, clone } = props;
  const { draft, setDraft, forget } = useDraft<Draft>(`new-run:${clone?.id ?? "new"}`, StoredDraft, () =>
    beginning(props),
  );
  const node = nodes.find(({ id }) => id === draft.nodeId) ?? null;
  const parameters = useMemo(() => toParameters(draft, recipe), [draft, recipe]);
  const { preview, error: previewError } = usePreview({ nodeId: draft.nodeId, name: draft.name, parameters });
  const start = useStart(draft, parameters, forget);
  const problems = problemsByPath([
    ...(preview?.findings ?? []).flatMap(({ severity, path, message }) =>
      severity === "error" && path !== null ? [{ path, message }] : [],
    ),
    ...(previewError?.details.fields ?? []),
    ...(start.error?.details.fields ?? []),
  ]);
  const [tab, setTab] = useUrlState("stage", "sft");
  const form = useFocusOnProblem(start.error?.details.fields?.[0]?.path ?? null, setTab);
  return (
    <form
      ref={form.ref}
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate();
      }}
    >
      <PageHeader
        title={clone ? `Clone of ${clone.name}` : "New RLHF run"}
        facts={<span>No stage saves checkpoints while it trains, and none can be resumed.</span>}
        actions={
          <>
            <Button onClick={() => setDraft(beginning(props))}>Begin anew</Button>
            <Button type="submit" variant="primary" isBusy={start.isPending}>
              Start
            </Button>
          </>
        }
      />
      {start.error && (
        <div className="mb-4">
          <ErrorNotice error={start.error} title="The run was not started." />
        </div>
      )}
      <div className="grid items-start gap-x-6 gap-y-4 xl:grid-cols-[minmax(0,1fr)_440px]">
        <div className="min-w-0">
          <RunBasics
            draft={draft}
            nodes={nodes}
            presets={presets}
            problems={problems}
            onName={(name) => setDraft({ ...draft, name })}
            onNode={(nodeId) => setDraft(onNodeChosen(draft, nodeId, nodes, presets))}
            onPreset={(preset) => setDraft(withPreset(draft, preset, presets))}
          />
          <Tabs value={tab} onValueChange={setTab}>
            <TabsList label="Parts of the run">
              {recipe.stages.map(({ kind }) => (
                <Tab key={kind} value={kind}>
                  {STAGE_LOOK[kind].label}
                </Tab>
              ))}
              <Tab value="evaluation">Evaluation</Tab>
            </TabsList>
            {recipe.stages.map(({ kind, fields }) => (
              <TabPanel key={kind} value={kind}>
                <StageForm
                  kind={kind}
                  fields={fields}
                  knownDataSets={recipe.knownDataSets}
                  stage={draft.parameters.stages[kind]}
                  node={node}
                  problems={problems}
                  onField={(name, value) => setDraft((now) => withField(now, kind, name, value))}
                  onStage={(change) => setDraft((now) => withStage(now, kind, change))}
                />
              </TabPanel>
            ))}
            <TabPanel value="evaluation">
              <EvaluationForm
                plan={draft.parameters.evaluation}
                problems={problems}
                onChange={(evaluation) =>
                  setDraft({ ...draft, parameters: { ...draft.parameters, evaluation } })
                }
              />
            </TabPanel>
          </Tabs>
        </div>
        <div className="xl:sticky xl:top-4">
          <PreviewPanel
            preview={preview}
            error={previewError}
            onFix={(path, value) => setDraft((now) => withFix(now, path, value))}
            onShow={form.show}
          />
        </div>
      </div>
    </form>
  );
}

function beginning({ nodes, presets, clone, presetId, nodeId }: NewRunFormProps): Draft {
  const node = nodes.find(({ id }) => id === nodeId) ?? suitableNode(nodes);
  const preset = presets.find(({ id }) => id === presetId) ?? suitablePreset(presets, node);
  return newDraft({ node, preset, clone, idempotencyKey: newIdempotencyKey() });
}

/** The practice node knows only the practice preset, and no other node knows it. */
function onNodeChosen(
  draft: Draft,
  nodeId: string,
  nodes: readonly NodeView[],
  presets: readonly Preset[],
): Draft {
  const node = nodes.find(({ id }) => id === nodeId) ?? null;
  const current = presets.find(({ id }) => id === draft.parameters.presetId);
  const preset = suitablePreset(presets, node);
  const moved = { ...draft, nodeId };
  if (!preset || !current || current.isPractice === node?.isPractice) return moved;
  return withPreset(moved, preset, presets);
}

function useStart(draft: Draft, parameters: Draft["parameters"], forget: () => void) {
  const router = useRouter();
  return useAction({
    run: () =>
      request<RunView>("/runs", {
        method: "POST",
        body: {
          name: draft.name,
          nodeId: draft.nodeId,
          parameters,
          idempotencyKey: draft.idempotencyKey,
          ...(draft.clonedFromId === null ? {} : { clonedFromId: draft.clonedFromId }),
        },
      }),
    touches: ["/runs", "/nodes"],
    onDone: (run) => {
      forget();
      router.push(`/runs/${run.id}`);
    },
  });
}

/** Goes to the part of the form that holds a problem, and focuses the first control that is marked. */
function useFocusOnProblem(path: string | null, setTab: (tab: string) => void) {
  const ref = useRef<HTMLFormElement>(null);
  const [target, setTarget] = useState<string | null>(null);
  const show = (problemPath: string) => {
    const part = /(?:^|\.)(?:stages\.(sft|reward|ppo)|(evaluation))/.exec(problemPath);
    const tab = part?.[1] ?? part?.[2];
    if (tab) setTab(tab);
    setTarget(`${problemPath} ${Date.now()}`);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new problem moves the focus
  useEffect(() => {
    if (path !== null) show(path);
  }, [path]);
  // The browser's focus is the external system.
  useEffect(() => {
    if (target !== null) ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [target]);
  return { ref, show };
}
