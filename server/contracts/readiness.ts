import { z } from "zod";
import { Timestamp } from "./primitives";

/** Worst first: the order in which lines are shown. */
export const READINESS_STATES = ["error", "warning", "unknown", "ok", "not_applicable"] as const;
export type ReadinessState = (typeof READINESS_STATES)[number];

export const READINESS_GROUPS = ["system", "storage", "python", "application"] as const;
export type ReadinessGroup = (typeof READINESS_GROUPS)[number];

const READINESS_ACTIONS = ["prepare_node", "edit_node"] as const;
export type ReadinessAction = (typeof READINESS_ACTIONS)[number];

/** What to do about a line: words, a command to run on the node, and the places in the product that help, best first. */
export const ReadinessFix = z.object({
  text: z.string(),
  command: z.string().nullable(),
  actions: z.array(z.enum(READINESS_ACTIONS)),
});
export type ReadinessFix = z.infer<typeof ReadinessFix>;

export const ReadinessLine = z.object({
  id: z.string(),
  group: z.enum(READINESS_GROUPS),
  title: z.string(),
  state: z.enum(READINESS_STATES),
  /** What was found, with its values. */
  evidence: z.string(),
  fix: ReadinessFix.nullable(),
});
export type ReadinessLine = z.infer<typeof ReadinessLine>;

export const ReadinessSummary = z.object({
  checkedAt: Timestamp,
  errors: z.number().int(),
  warnings: z.number().int(),
});
export type ReadinessSummary = z.infer<typeof ReadinessSummary>;

/** `checkedAt` null: the node has not been checked yet, and there are no lines. */
export const ReadinessReport = z.object({
  checkedAt: Timestamp.nullable(),
  lines: z.array(ReadinessLine),
});
export type ReadinessReport = z.infer<typeof ReadinessReport>;
