import type { Finding } from "../contracts/runs";
import { STAGE_KINDS } from "../contracts/statuses";
import { found, type NodeCheckFacts, type Verdict } from "./facts";

/**
 * The port at which a stage's processes meet. The launch chooses it (free-port.sh) and passes --master_port; DeepSpeed's
 * launcher overwrites MASTER_PORT with it (deepspeed/launcher/launch.py). Pure.
 */
export function checkPort({ node, answers, parameters }: NodeCheckFacts): Verdict {
  const port = answers[0]?.freePort ?? null;
  const named = STAGE_KINDS.flatMap((stage): Finding[] => {
    const value = parameters.stages[stage].env.MASTER_PORT;
    if (value === undefined) return [];
    const path = `stages.${stage}.env.MASTER_PORT`;
    const message = `MASTER_PORT=${value} has no effect: each stage gets a free port at its launch, and DeepSpeed's launcher sets that.`;
    const fix = { label: "Leave it out", changes: [{ path, value: null }] };
    return [found({ id: "master-port-ignored", severity: "warning", path, message, fix })];
  });
  if (answers.length === 0) return { findings: named, checked: [] };
  const choice = found(
    port === null
      ? {
          id: "master-port",
          severity: "error",
          path: "nodeId",
          message: `No port between 20000 and 28999 is free on ${node.name}, and each stage needs one. End what listens there.`,
        }
      : {
          id: "master-port",
          severity: "note",
          path: null,
          message: `Each stage gets a free port of ${node.name} at its launch, between 20000 and 28999: at the moment ${port} is free.`,
        },
  );
  return { findings: [...named, choice], checked: [] };
}
