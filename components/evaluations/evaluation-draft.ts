import { z } from "zod";
import {
  CreateEvaluationInput,
  DEFAULT_PROMPTS,
  type EvaluationView,
  GenerationSettings,
  MODEL_KEYS,
  type ModelKey,
  type RunModels,
} from "@/server/contracts/evaluations";

/** A number field that was emptied is NaN, which JSON writes as null. */
const Typed = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);

/** The form as it stands, and as it lies in the tab's storage. */
export const EvaluationDraft = z.object({
  runId: z.string().nullable(),
  name: z.string(),
  prompts: z.array(z.string()),
  /** null: all that the run has. */
  models: z.array(z.enum(MODEL_KEYS)).nullable(),
  settings: z.object({
    maxNewTokens: Typed,
    temperature: Typed,
    topP: Typed,
    topK: Typed,
    repetitionPenalty: Typed,
    seed: Typed,
  }),
});
export type EvaluationDraft = z.infer<typeof EvaluationDraft>;

/** `again`: an evaluation whose questions are asked once more. */
export function newEvaluationDraft(runId: string | null, again: EvaluationView | null): EvaluationDraft {
  if (again === null) {
    return {
      runId,
      name: "",
      prompts: [...DEFAULT_PROMPTS],
      models: null,
      settings: GenerationSettings.parse({}),
    };
  }
  return {
    runId: runId ?? again.runId,
    name: "",
    prompts: again.prompts,
    models: again.models.map(({ key }) => key),
    settings: again.settings,
  };
}

/** The chosen models that this run has. */
export function askedModels(draft: EvaluationDraft, { models }: Pick<RunModels, "models">): ModelKey[] {
  return models.flatMap(({ key, problem }) =>
    problem === null && (draft.models?.includes(key) ?? true) ? [key] : [],
  );
}

export function withModel(draft: EvaluationDraft, run: RunModels, change: { key: ModelKey; isOn: boolean }) {
  const others = askedModels(draft, run).filter((key) => key !== change.key);
  return { ...draft, models: change.isOn ? [...others, change.key] : others };
}

type Input = z.input<typeof CreateEvaluationInput>;

/** What is sent, or what is wrong with it, by path. */
export function toInput(
  draft: EvaluationDraft,
  run: Pick<RunModels, "models">,
): { input: Input | null; problems: Map<string, string> } {
  const { runId, prompts, settings } = draft;
  const name = draft.name.trim();
  const input = {
    runId,
    prompts,
    settings,
    models: askedModels(draft, run),
    ...(name === "" ? {} : { name }),
  };
  const problems = new Map<string, string>();
  prompts.forEach((prompt, index) => {
    if (/^Human:\s*Assistant:\s*$/.test(prompt)) {
      problems.set(`prompts.${index}`, "Write the question between Human: and Assistant:");
    }
  });
  const parsed = CreateEvaluationInput.safeParse(input);
  if (parsed.success && problems.size === 0) return { input: parsed.data, problems };
  for (const issue of parsed.error?.issues ?? []) {
    const path = issue.path.join(".");
    if (!problems.has(path)) problems.set(path, path === "runId" ? "Choose a run." : issue.message);
  }
  return { input: null, problems };
}
