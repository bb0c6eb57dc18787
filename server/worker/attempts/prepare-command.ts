import type { Context } from "../../context";
import type { RenderedCommand } from "../../contracts/recipes";
import { AppError } from "../../errors";
import { type LaunchFacts, type OpenAttempt, renderAttempt } from "../../runs";
import { evaluationFiles } from "../evaluations";
import type { NodeFacts } from "./reconcile";

export interface PreparedCommand {
  command: RenderedCommand;
  /** More files of the attempt directory, by name. */
  files: Record<string, Buffer>;
}

/**
 * The exact command of an attempt, and what it reads.
 * @throws AppError PRECONDITION when the node lacks something, NOT_FOUND
 */
export async function prepareCommand(input: {
  ctx: Context;
  attempt: Pick<OpenAttempt, "id" | "evaluationId">;
  facts: NodeFacts & { masterPort: number };
}): Promise<PreparedCommand> {
  const { ctx, attempt, facts } = input;
  const isEvaluation = attempt.evaluationId !== null;
  const launchFacts: LaunchFacts = {
    ...facts,
    examplesDirectory: requireExamples(facts, isEvaluation),
    gpuIndexByUuid: new Map(Object.entries(facts.gpuIndexByUuid)),
  };
  return {
    command: await renderAttempt({ ctx, attemptId: attempt.id, facts: launchFacts }),
    files: isEvaluation ? await evaluationFiles(ctx, attempt.id) : {},
  };
}

/** An evaluation reads models, not the application. */
function requireExamples({ examplesDirectory, homeDirectory }: NodeFacts, isEvaluation: boolean): string {
  if (examplesDirectory !== null) return examplesDirectory;
  if (isEvaluation) return `${homeDirectory}/DeepSpeedExamples`;
  throw new AppError("PRECONDITION", "DeepSpeedExamples was not found on the node.", {
    hint: "Clone it into the home directory, or name its directory in the node's settings.",
  });
}
