import type { FieldProblem } from "../contracts/errors";
import type { RunParameters } from "../contracts/runs";
import { hideSecrets, restoreSecrets } from "../contracts/secrets";
import { STAGE_KINDS } from "../contracts/statuses";

/** Parameters as they may leave the server. */
export function withHiddenSecrets(parameters: RunParameters): RunParameters {
  const { sft, reward, ppo } = parameters.stages;
  const hidden = (stage: typeof sft) => ({ ...stage, env: hideSecrets(stage.env) });
  return { ...parameters, stages: { sft: hidden(sft), reward: hidden(reward), ppo: hidden(ppo) } };
}

/** Parameters with the values that the cloned run has where the sender left them hidden; null: nothing is cloned. */
export function withRestoredSecrets(
  parameters: RunParameters,
  cloned: RunParameters | null,
): { parameters: RunParameters; problems: FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const stages = { ...parameters.stages };
  for (const kind of STAGE_KINDS) {
    const { env, missing } = restoreSecrets(stages[kind].env, cloned?.stages[kind].env ?? {});
    stages[kind] = { ...stages[kind], env };
    problems.push(
      ...missing.map((name) => ({
        path: `stages.${kind}.env.${name}`,
        message: `Enter the value of ${name}: stored values are never shown, and here is none to take over.`,
      })),
    );
  }
  return { parameters: { ...parameters, stages }, problems };
}
