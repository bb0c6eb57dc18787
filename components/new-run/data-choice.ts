import type { DataSetSummary } from "@/server/contracts/data-sets";
import type { RecipeView } from "@/server/contracts/recipes";
import { STAGE_KINDS } from "@/server/contracts/statuses";
import { type Draft, withField } from "./draft";

export type DataSource = "uploaded" | "hub" | "path";

/** A data set for a run. `hasPairs` false: single answers, for supervised fine-tuning alone. */
export interface DataChoice {
  reference: string;
  hasPairs: boolean;
}

/** Uploaded data sets in their newest version, as the form offers them beside the names that the application knows. */
export function withUploaded(recipe: RecipeView, sets: readonly DataSetSummary[]): RecipeView {
  const uploaded = sets.map(({ name, newest }) => {
    const rows = newest.trainCount + newest.evalCount;
    const answers = newest.hasPairs ? "pairs" : "single answers: supervised fine-tuning only";
    return {
      name: newest.reference,
      note: `Uploaded, ${name} version ${newest.number}: ${rows.toLocaleString("en-US")} ${answers}`,
    };
  });
  return { ...recipe, knownDataSets: [...uploaded, ...recipe.knownDataSets] };
}

/** One data set for the run: every stage, or, with single answers, the one stage that can learn from them. */
export function withData(draft: Draft, { reference, hasPairs }: DataChoice): Draft {
  const stages = hasPairs ? (["sft", "reward", "ppo"] as const) : (["sft"] as const);
  const value = reference === "" ? undefined : [reference];
  return stages.reduce<Draft>((next, kind) => withField(next, kind, "data_path", value), draft);
}

/** Another preset brings the data sets of its scripts; what somebody uploaded or put on the node stays chosen. */
export function keepOwnData(before: Draft, after: Draft): Draft {
  return STAGE_KINDS.reduce<Draft>((next, kind) => {
    const value = before.parameters.stages[kind].fields.data_path;
    const isOwn = Array.isArray(value) && value.some((name) => sourceOf(name) !== "hub");
    return isOwn ? withField(next, kind, "data_path", value) : next;
  }, after);
}

/** What all stages read, when they read one and the same; null: it is up to each stage. */
export function sharedData(draft: Draft): string | null {
  const { sft, reward, ppo } = draft.parameters.stages;
  const [first, ...others] = [sft, reward, ppo].map(({ fields }) => {
    const value = fields.data_path;
    return Array.isArray(value) && value.length === 1 ? (value[0] ?? null) : null;
  });
  return first !== undefined && others.every((name) => name === first) ? first : null;
}

/** The uploaded data set of supervised fine-tuning, where the other stages read something else. */
export function uploadedForSft(draft: Draft): string | null {
  const value = draft.parameters.stages.sft.fields.data_path;
  const name = Array.isArray(value) && value.length === 1 ? (value[0] ?? null) : null;
  return sharedData(draft) === null && sourceOf(name) === "uploaded" ? name : null;
}

export function sourceOf(name: string | null): DataSource {
  if (name?.startsWith("dataset:")) return "uploaded";
  return name?.startsWith("/") || name?.startsWith("~/") ? "path" : "hub";
}
