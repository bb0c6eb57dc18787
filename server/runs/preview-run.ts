import type { z } from "zod";
import type { Context } from "../context";
import { PreviewRunInput, type RunPreview } from "../contracts/runs";
import { findUploaded, referencesOf } from "../datasets";
import { findProblems, renderPreview, renderScript, withoutSecrets } from "../recipes";
import { readNodeFacts } from "./read-node-facts";
import { renderRun } from "./render-run";

/** What is wrong with parameters on this node, and exactly what would run. Stores nothing. @throws AppError VALIDATION */
export async function previewRun({
  ctx,
  input,
}: {
  ctx: Context;
  input: z.input<typeof PreviewRunInput>;
}): Promise<RunPreview> {
  const { nodeId, parameters, name } = PreviewRunInput.parse(input);
  const [node, uploaded] = await Promise.all([
    readNodeFacts(ctx, nodeId),
    findUploaded(ctx.db.pool, referencesOf(parameters)),
  ]);
  const commands = renderRun({ runId: "new-run", parameters, node, uploaded });
  return {
    findings: findProblems(parameters, node, uploaded),
    commands: commands.map(({ stage, command }) => ({
      stage,
      command: withoutSecrets(command),
      text: renderPreview(command),
    })),
    script: renderScript({ runName: name, nodeName: node.name, commands }),
  };
}
