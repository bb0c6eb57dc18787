"use client";

import dynamic from "next/dynamic";
import type { KeyboardEvent } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { Button } from "@/components/ui/button";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { usableGpus } from "@/components/yard/prepare-node";
import type { Fix } from "@/server/contracts/runs";
import { withFix, withStage } from "./draft";
import { PlacementChoice } from "./placement-choice";
import { PresetPicker } from "./preset-picker";
import { PreviewColumn } from "./preview-column";
import { RunBasics } from "./run-basics";
import { RunParts } from "./run-parts";
import { StartBar } from "./start-bar";
import { type NewRunInput, useNewRun } from "./use-new-run";

const DataChooser = dynamic(() => import("./data-chooser").then((module) => module.DataChooser), {
  loading: () => <Skeleton className="h-[76px] rounded-lg" />,
});
const EstimateCard = dynamic(() =>
  import("@/components/estimates/estimate-card").then((module) => module.EstimateCard),
);

export function NewRunForm(input: NewRunInput) {
  "use memo";
  const { nodes, presets, clone } = input;
  const { ref, ...form } = useNewRun(input);
  const { draft, node, preset, found, preview, start, change, show } = form;
  const { problems, doubts, issues, counts, isChecked } = found;
  const onFix = (changes: Fix["changes"]) => change((now) => withFix(now, changes));
  return (
    // Enter in one of a hundred fields must not start a training; Ctrl+Enter does, from anywhere.
    <form
      ref={ref}
      noValidate
      onKeyDown={(event) => onFormKey(event, form.submit)}
      onSubmit={(event) => {
        event.preventDefault();
        form.submit();
      }}
    >
      <PageHeader
        title={clone ? `Clone of ${clone.name}` : "New RLHF run"}
        facts={<span>SFT and the reward model, then PPO. What you type is kept in this tab.</span>}
        actions={<Button onClick={form.beginAnew}>Begin anew</Button>}
      />
      {start.error && (
        <div className="mb-4">
          <ErrorNotice error={start.error} title="The run was not started." onRetry={form.submit} />
        </div>
      )}
      <div className="grid items-start gap-x-6 gap-y-4 xl:grid-cols-[minmax(0,1fr)_440px]">
        <div className="flex min-w-0 flex-col gap-3">
          <RunBasics
            name={draft.name}
            node={node}
            nodes={nodes}
            problems={problems}
            doubts={doubts}
            onName={(name) => change((now) => ({ ...now, name }))}
            onNode={form.chooseNode}
          />
          <PresetPicker
            presets={presets}
            chosenId={preset?.id ?? null}
            changeCount={form.changeCount}
            gpuCount={node && usableGpus(node.gpus).length}
            error={problems.get("presetId") ?? null}
            onChoose={form.choosePreset}
            onReset={form.resetToPreset}
          />
          <DataChooser
            draft={draft}
            parameters={form.parameters}
            node={node}
            sets={input.sets}
            onChange={change}
            onFix={onFix}
            onLooked={form.dataLook.onLooked}
          />
          {node && node.gpus.length > 0 && (
            <PlacementChoice
              node={node}
              stages={draft.parameters.stages}
              onChoose={(gpuCount) =>
                change((now) => {
                  const wish = { gpuCount, gpuUuids: [] };
                  return withStage(withStage(now, "sft", wish), "reward", wish);
                })
              }
            />
          )}
          <RunParts {...form} {...found} />
        </div>
        <PreviewColumn
          preview={preview}
          recipe={form.recipe}
          fixes={form.fixes}
          counts={counts}
          isChecked={isChecked}
          sources={found.sources}
          estimate={<EstimateCard nodeId={draft.nodeId} parameters={form.parameters} onFix={onFix} />}
          runName={draft.name}
          part={form.part}
          onShow={show}
        />
      </div>
      <StartBar
        issues={issues}
        counts={counts}
        isChecked={isChecked}
        isChecking={!preview.data && !preview.error && issues.length === 0}
        isStarting={form.isStarting}
        onShow={show}
      />
    </form>
  );
}

function onFormKey(event: KeyboardEvent<HTMLFormElement>, submit: () => void) {
  if (event.key !== "Enter") return;
  const isStart = event.ctrlKey || event.metaKey;
  const isField = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (isStart || isField) event.preventDefault();
  if (isStart) submit();
}
