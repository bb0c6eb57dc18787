import type { Prisma } from "../db";

const ATTEMPT = { placements: { orderBy: { rank: "asc" } } } as const satisfies Prisma.AttemptInclude;

const RUN_PARTS = {
  node: { select: { name: true, isPractice: true } },
  evaluations: { select: { id: true }, orderBy: { createdAt: "desc" }, take: 1 },
} as const satisfies Prisma.RunInclude;

/** For a list: the newest attempt of each stage is enough. */
export const SUMMARY_INCLUDE = {
  ...RUN_PARTS,
  stages: { include: { attempts: { include: ATTEMPT, orderBy: { number: "desc" }, take: 1 } } },
} as const satisfies Prisma.RunInclude;

export const RUN_INCLUDE = {
  ...RUN_PARTS,
  stages: { include: { attempts: { include: ATTEMPT, orderBy: { number: "asc" } } } },
} as const satisfies Prisma.RunInclude;

export const ATTEMPT_INCLUDE = {
  ...ATTEMPT,
  stage: { select: { runId: true } },
  evaluation: { select: { runId: true } },
} as const satisfies Prisma.AttemptInclude;

export type RunRow = Prisma.RunGetPayload<{ include: typeof RUN_INCLUDE }>;
export type StageRow = RunRow["stages"][number];
export type AttemptRow = StageRow["attempts"][number];
