import { STAGE_KINDS, type StageKind } from "@/server/contracts/statuses";

/** A place in the form, as findings and fixes name it. */
export interface FieldPath {
  /** The tab that it is in; null: the head of the form. */
  part: StageKind | "evaluation" | null;
  /** "fields", "env", "gpuCount" or "gpuUuids" of a stage, "prompts" or "generation" of the evaluation, "nodeId" of the head. */
  place: string;
  /** Of the flag, the variable, or the place in a list; "": the whole place. */
  name: string;
}

/** `stages.sft.fields.learning_rate`, `evaluation.prompts.2`, `nodeId`; the server's begin with `parameters.`. */
export function parseFieldPath(path: string): FieldPath {
  const [top = "", second = "", third = "", ...rest] = path.replace(/^parameters\./, "").split(".");
  if (top === "evaluation") return { part: "evaluation", place: second, name: third };
  const part = top === "stages" ? (STAGE_KINDS.find((kind) => kind === second) ?? null) : null;
  return part === null ? { part, place: top, name: "" } : { part, place: third, name: rest.join(".") };
}
