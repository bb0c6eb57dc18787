import type { Status } from "../contracts/statuses";

export interface ProgressInput {
  status: Status;
  stepsDone: number | null;
  stepsTotal: number | null;
}

/** 0 to 1; null: cannot be told. */
export function progressOf({ status, stepsDone, stepsTotal }: ProgressInput): number | null {
  if (status === "succeeded") return 1;
  if (stepsDone === null || stepsTotal === null || stepsTotal <= 0) return null;
  return Math.min(1, stepsDone / stepsTotal);
}
