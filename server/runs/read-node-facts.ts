import type { Context } from "../context";
import type { FieldProblem } from "../contracts/errors";
import { DEFAULT_WORK_DIRECTORY, NodeInventory, NodeSettings } from "../contracts/nodes";
import { validationError } from "../errors";
import { findCheckout } from "./find-checkout";
import type { RunNodeFacts } from "./render-run";

export const NO_NODE: FieldProblem = { path: "nodeId", message: "Choose a node that is there." };

/** From the last inventory. @throws AppError VALIDATION when there is no such node, or it was removed */
export async function readNodeFacts(ctx: Context, nodeId: string): Promise<RunNodeFacts> {
  const facts = await findNodeFacts(ctx, { id: nodeId, removedAt: null });
  if (facts === null) throw validationError([NO_NODE]);
  return facts;
}

/** Also of a node that was removed: its last inventory stays with the runs that it did. */
export async function findNodeFacts(
  ctx: Context,
  where: { id: string; removedAt?: null },
): Promise<RunNodeFacts | null> {
  const [row, checkout] = await Promise.all([
    ctx.db.prisma.node.findUnique({
      where,
      include: { gpus: { orderBy: [{ index: "asc" }, { migIndex: { sort: "asc", nulls: "first" } }] } },
    }),
    findCheckout(ctx, where.id),
  ]);
  if (row === null) return null;
  const inventory = NodeInventory.safeParse(row.inventory).data ?? null;
  const settings = NodeSettings.parse(row.settings);
  const gpus = row.removedAt === null ? row.gpus : (inventory?.gpus ?? []);
  const parents = new Set(gpus.flatMap((gpu) => gpu.parentUuid ?? []));
  const home = inventory?.homeDirectory ?? "~";
  const below = (path: string) => (path.startsWith("~/") ? `${home}/${path.slice(2)}` : path);
  return {
    id: row.id,
    name: row.name,
    isPractice: row.isPractice,
    checkout: checkout?.flags ?? null,
    deepspeed: inventory?.deepspeed ?? null,
    transformers: inventory?.transformers ?? null,
    gpus: gpus.filter((gpu) => !parents.has(gpu.uuid)),
    examplesDirectory: below(
      settings.examplesDirectory ?? inventory?.examplesDirectory ?? "~/DeepSpeedExamples",
    ),
    workDirectory: below(settings.workDirectory ?? DEFAULT_WORK_DIRECTORY),
    settings,
  };
}
