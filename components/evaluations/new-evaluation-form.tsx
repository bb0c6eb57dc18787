"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { ErrorNotice } from "@/components/errors/error-notice";
import { request } from "@/components/hooks/api";
import { useCanOperate } from "@/components/hooks/role-provider";
import { useAction } from "@/components/hooks/use-action";
import { useDraft } from "@/components/hooks/use-draft";
import { useResource } from "@/components/hooks/use-resource";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { PageHeader } from "@/components/ui/page-header";
import { Select } from "@/components/ui/select";
import type { EvaluationView, RunModels } from "@/server/contracts/evaluations";
import type { RunSummary } from "@/server/contracts/runs";
import { runOption } from "./evaluable-runs";
import { askedModels, EvaluationDraft, newEvaluationDraft, toInput, withModel } from "./evaluation-draft";
import { EvaluationPlanCard } from "./evaluation-plan-card";
import { GenerationFields } from "./generation-fields";
import { ModelsPicker } from "./models-picker";
import { PromptsEditor } from "./prompts-editor";

export interface NewEvaluationFormProps {
  runs: readonly RunSummary[];
  runId: string;
  again: EvaluationView | null;
}

export function NewEvaluationForm({ runs, runId, again }: NewEvaluationFormProps) {
  const beginning = () => newEvaluationDraft(runId, again);
  const { draft, setDraft, forget } = useDraft<EvaluationDraft>(
    `new-evaluation:${again?.id ?? runId}`,
    EvaluationDraft,
    beginning,
  );
  const models = useResource<RunModels>(draft.runId === null ? null : `/runs/${draft.runId}/models`);
  const { input, problems } = toInput(draft, models.data ?? { models: [] });
  const router = useRouter();
  const start = useAction({
    run: (body: NonNullable<typeof input>) =>
      request<EvaluationView>("/evaluations", { method: "POST", body }),
    touches: ["/evaluations", "/runs", "/nodes"],
    onDone: ({ id }) => {
      forget();
      router.push(`/evaluations/${id}`);
    },
  });
  const canOperate = useCanOperate();
  const focus = useFocusOnProblem();
  // Nothing is called wrong before somebody has tried.
  const problemOf = (path: string) =>
    start.error?.field(path) ?? (focus.tries > 0 ? (problems.get(path) ?? null) : null);
  const run = runs.find(({ id }) => id === draft.runId);
  function submit(event: React.FormEvent) {
    event.preventDefault();
    if (input === null) focus.show();
    else start.mutate(input, { onError: focus.show });
  }
  return (
    <form ref={focus.form} noValidate onSubmit={submit}>
      <PageHeader
        title={again ? `${again.name}, again` : "New evaluation"}
        facts={
          <span>
            {canOperate
              ? "the same prompts to several models of one run, answers side by side"
              : "You may look at evaluations; to start one takes the role of an operator."}
          </span>
        }
        actions={
          <>
            <Button onClick={() => setDraft(beginning())}>Begin anew</Button>
            <Button
              type="submit"
              variant="primary"
              isBusy={start.isPending}
              disabled={!canOperate || !models.data || models.data.isNodeRemoved}
            >
              Start evaluation
            </Button>
          </>
        }
      />
      {start.error && (
        <div className="mb-4">
          <ErrorNotice error={start.error} title="The evaluation was not started." />
        </div>
      )}
      <div className="grid items-start gap-x-8 gap-y-4 xl:grid-cols-[minmax(0,1fr)_360px]">
        <div className="flex min-w-0 flex-col gap-6">
          <div className="grid gap-x-6 gap-y-2 sm:grid-cols-2">
            <Field label="Run" help="Its models answer, its reward model scores." error={problemOf("runId")}>
              {(control) => (
                <Select
                  {...control}
                  options={runs.map(runOption)}
                  value={draft.runId ?? ""}
                  onValueChange={(id) => setDraft({ ...draft, runId: id })}
                />
              )}
            </Field>
            <Field label="Name" help="Left out: a number is given." error={problemOf("name")}>
              {(control) => (
                <Input
                  {...control}
                  maxLength={120}
                  placeholder="Evaluation"
                  value={draft.name}
                  onChange={(event) => setDraft({ ...draft, name: event.target.value })}
                />
              )}
            </Field>
          </div>
          <ModelsPicker
            resource={models}
            chosen={models.data ? askedModels(draft, models.data) : []}
            problemOf={problemOf}
            onChange={(key, isOn) => models.data && setDraft(withModel(draft, models.data, { key, isOn }))}
          />
          <PromptsEditor
            prompts={draft.prompts}
            problemOf={(index) => problemOf(index === null ? "prompts" : `prompts.${index}`)}
            onChange={(prompts) => setDraft({ ...draft, prompts })}
          />
          <GenerationFields
            settings={draft.settings}
            problemOf={(name) => problemOf(`settings.${name}`)}
            onChange={(settings) => setDraft({ ...draft, settings })}
          />
        </div>
        <div className="xl:sticky xl:top-16">
          <EvaluationPlanCard draft={draft} models={models.data} run={run} />
        </div>
      </div>
    </form>
  );
}

/** After a refused try the first marked control gets the focus; counts the tries. */
function useFocusOnProblem() {
  const form = useRef<HTMLFormElement>(null);
  const [tries, setTries] = useState(0);
  // The browser's focus is the external system.
  useEffect(() => {
    if (tries > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries]);
  return { form, tries, show: () => setTries((count) => count + 1) };
}
