import type { Status } from "../contracts/statuses";

export interface ProgressInput {
  status: Status;
  stepsDone: number | null;
  stepsTotal: number | null;
  startedAt: Date | null;
  now: Date;
}

/** 0 to 1, and the seconds that are left if it goes on at its pace so far. null: cannot be told. */
export function progressOf(input: ProgressInput): { progress: number | null; etaSeconds: number | null } {
  const { status, stepsDone, stepsTotal, startedAt, now } = input;
  if (status === "succeeded") return { progress: 1, etaSeconds: null };
  if (stepsDone === null || stepsTotal === null || stepsTotal <= 0)
    return { progress: null, etaSeconds: null };
  const progress = Math.min(1, stepsDone / stepsTotal);
  if (status !== "running" || startedAt === null || stepsDone <= 0) return { progress, etaSeconds: null };
  const elapsedSeconds = Math.max(0, (now.getTime() - startedAt.getTime()) / 1000);
  const left = Math.max(0, stepsTotal - stepsDone);
  return { progress, etaSeconds: Math.round((elapsedSeconds / stepsDone) * left) };
}
