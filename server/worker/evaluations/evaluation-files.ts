import type { Context } from "../../context";
import { buildEvaluationRequest } from "../../evaluations";
import program from "../scripts/evaluate.py";

/**
 * What an evaluation needs in its attempt directory besides the command: its request, and our program, which runs where
 * the node's settings name no other.
 * @throws AppError NOT_FOUND, VALIDATION
 */
export async function evaluationFiles(ctx: Context, attemptId: string): Promise<Record<string, Buffer>> {
  const request = await buildEvaluationRequest({ ctx, attemptId });
  return {
    "request.json": Buffer.from(JSON.stringify(request)),
    "evaluate.py": Buffer.from(program),
  };
}
