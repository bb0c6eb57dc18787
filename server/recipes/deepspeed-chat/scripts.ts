import { z } from "zod";
import { FieldValue } from "../../contracts/recipes";
import { STAGE_KINDS, type StageKind } from "../../contracts/statuses";
import scripts from "./scripts.json";

/** What a shipped training script passes, without what Trainyard always sets itself. */
const ShippedScript = z.object({
  /** Relative to applications/DeepSpeed-Chat/training/ */
  script: z.string(),
  stage: z.enum(STAGE_KINDS),
  /** The script says --num_gpus 1; the others take all GPUs of the machine. */
  usesOneGpu: z.boolean(),
  fields: z.record(z.string(), FieldValue),
});
export type ShippedScript = z.infer<typeof ShippedScript>;

export const SHIPPED_SCRIPTS: readonly ShippedScript[] = z.array(ShippedScript).parse(scripts);

/** @param name without folder and extension of its stage: `opt/single_node/run_1.3b` */
export function shippedScript(stage: StageKind, name: string): ShippedScript {
  const found = SHIPPED_SCRIPTS.find(
    (script) => script.stage === stage && script.script.endsWith(`/training_scripts/${name}.sh`),
  );
  if (found === undefined) throw new Error(`no shipped ${stage} script ${name}`);
  return found;
}
