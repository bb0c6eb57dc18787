import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

// What was extracted from DeepSpeedExamples lies beside the repository, when it is there at all.
const FOLDER = new URL("../../../../shared/deepspeed-chat/", import.meta.url);

const SharedFlag = z.object({
  flag: z.string(),
  action: z.string().optional(),
  default: z.unknown().optional(),
  choices: z.array(z.string()).optional(),
  required: z.boolean().optional(),
});
export const SharedFlags = z.object({
  stages: z.object({ sft: z.array(SharedFlag), reward: z.array(SharedFlag), ppo: z.array(SharedFlag) }),
});
export const SharedPresets = z.object({
  presets: z.array(
    z.object({
      script: z.string(),
      flags: z.record(z.string(), z.union([z.string(), z.literal(true), z.array(z.string())])),
    }),
  ),
});

/** For tests: null when the folder is not there, and the test says that it skips. */
export function readSources<T>(file: string, schema: z.ZodType<T>): T | null {
  const path = fileURLToPath(new URL(file, FOLDER));
  if (!existsSync(path)) return null;
  return schema.parse(JSON.parse(readFileSync(path, "utf8")));
}
