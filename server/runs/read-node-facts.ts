import type { Context } from "../context";
import type { FieldProblem } from "../contracts/errors";
import { NodeInventory, NodeSettings } from "../contracts/nodes";
import { validationError } from "../errors";
import type { RunNodeFacts } from "./render-run";

const NO_NODE: FieldProblem = { path: "nodeId", message: "Choose a node that is there." };

/** From the last inventory. @throws AppError VALIDATION when there is no such node, or it was removed */
export async function readNodeFacts(ctx: Context, nodeId: string): Promise<RunNodeFacts> {
  const row = await ctx.db.prisma.node.findUnique({
    where: { id: nodeId, removedAt: null },
    include: { gpus: { orderBy: [{ index: "asc" }, { migIndex: { sort: "asc", nulls: "first" } }] } },
  });
  if (row === null) throw validationError([NO_NODE]);
  const inventory = NodeInventory.safeParse(row.inventory).data ?? null;
  const settings = NodeSettings.parse(row.settings);
  const parents = new Set(row.gpus.flatMap((gpu) => gpu.parentUuid ?? []));
  const home = inventory?.homeDirectory ?? "~";
  const below = (path: string) => (path.startsWith("~/") ? `${home}/${path.slice(2)}` : path);
  return {
    id: row.id,
    name: row.name,
    isPractice: row.isPractice,
    deepspeed: inventory?.deepspeed ?? null,
    gpus: row.gpus.filter((gpu) => !parents.has(gpu.uuid)),
    examplesDirectory: below(
      settings.examplesDirectory ?? inventory?.examplesDirectory ?? "~/DeepSpeedExamples",
    ),
    workDirectory: below(settings.workDirectory ?? "~/.trainyard"),
    settings,
  };
}
