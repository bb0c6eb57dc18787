import type { FieldValue, Preset, StageParameters } from "../../contracts/recipes";
import type { StageKind } from "../../contracts/statuses";
import { PRACTICE_PRESET } from "./practice-preset";
import { PRESET_ROWS, type PresetRow } from "./preset-table";
import { shippedScript } from "./scripts";

function stageOf(row: PresetRow, stage: StageKind): StageParameters {
  const fields: Record<string, FieldValue> = {
    ...shippedScript(stage, row[stage]).fields,
    ...row.changes?.[stage],
  };
  return { fields, env: {}, gpuCount: row.gpuCount[stage], gpuUuids: [] };
}

function toPreset(row: PresetRow): Preset {
  return {
    id: row.id,
    name: row.name,
    modelSize: row.modelSize,
    deployment: row.deployment,
    description: row.description,
    scripts: (["sft", "reward", "ppo"] as const).map((stage) => shippedScript(stage, row[stage]).script),
    isPractice: false,
    stages: { sft: stageOf(row, "sft"), reward: stageOf(row, "reward"), ppo: stageOf(row, "ppo") },
  };
}

export const PRESETS: readonly Preset[] = [PRACTICE_PRESET, ...PRESET_ROWS.map(toPreset)];
