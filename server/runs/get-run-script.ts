import type { Context } from "../context";
import { RunParameters } from "../contracts/runs";
import { findUploaded, referencesOf } from "../datasets";
import { AppError } from "../errors";
import { renderScript } from "../recipes";
import { findNodeFacts } from "./read-node-facts";
import { renderRun } from "./render-run";

/** The run as a shell script that works without Trainyard, also when its node was removed. @throws AppError NOT_FOUND */
export async function getRunScript({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<string> {
  const run = await ctx.db.prisma.run.findUnique({ where: { id: input.id } });
  const node = run === null ? null : await findNodeFacts(ctx, { id: run.nodeId });
  if (run === null || node === null) throw new AppError("NOT_FOUND", "There is no such run.");
  const parameters = RunParameters.parse(run.parameters);
  const uploaded = await findUploaded(ctx.db.pool, referencesOf(parameters));
  const commands = renderRun({ runId: run.id, parameters, node, uploaded });
  return renderScript({ runName: run.name, nodeName: node.name, commands });
}
