import { describe, expect, it } from "vitest";
import type { FieldValue } from "../../contracts/recipes";
import { PRESETS } from "./presets";
import { type RenderStageInput, renderStage, type StageFacts } from "./render-stage";
import { SHIPPED_SCRIPTS, type ShippedScript } from "./scripts";
import { readSources, SharedPresets } from "./shared-sources";

const FACTS: StageFacts = {
  examplesDirectory: "/home/ada/DeepSpeedExamples",
  workDirectory: "/home/ada/.trainyard",
  gpuIndices: [0, 1],
  masterPort: 23456,
  virtualEnvironment: null,
  nodeEnv: {},
  checkout: null,
};
const RUN_ID = "7e57ab1e-0000-4000-8000-000000000001";
const CHECKPOINTS = { actor: "/home/ada/actor", critic: "/home/ada/critic" };

function input(stage: RenderStageInput["stage"], fields: Record<string, FieldValue>): RenderStageInput {
  return {
    stage,
    runId: RUN_ID,
    attemptNumber: 1,
    parameters: { fields, env: {} },
    facts: FACTS,
    checkpoints: stage === "ppo" ? CHECKPOINTS : null,
  };
}

function render(script: ShippedScript) {
  return renderStage(input(script.stage, script.fields));
}

/** argv after main.py, as argparse would read it. */
function flagsOf(argv: readonly string[]): Record<string, string[]> {
  const flags: Record<string, string[]> = {};
  let name = "";
  for (const word of argv.slice(argv.indexOf("main.py") + 1)) {
    if (word.startsWith("--")) {
      name = word.slice(2);
      flags[name] = [];
    } else {
      flags[name]?.push(word);
    }
  }
  return flags;
}

describe("every shipped script", () => {
  it.each(SHIPPED_SCRIPTS.map((script) => [script.script, script] as const))("renders %s", (_, script) => {
    expect(render(script)).toMatchSnapshot();
  });
});

describe("every preset", () => {
  it.each(PRESETS.map((preset) => [preset.id, preset] as const))("renders %s", (_, preset) => {
    const argv = (["sft", "reward", "ppo"] as const).map(
      (stage) => renderStage(input(stage, preset.stages[stage].fields)).argv,
    );
    expect(argv).toMatchSnapshot();
  });

  it("together reach every shipped script of the three stages", () => {
    const used = new Set(PRESETS.flatMap((preset) => preset.scripts));
    expect(SHIPPED_SCRIPTS.map((script) => script.script).filter((script) => !used.has(script))).toEqual([]);
  });
});

const shared = readSources("presets.json", SharedPresets);
// Their scripts hold these two flags in shell variables (ACTOR_ZERO_STAGE="--actor_zero_stage 2"),
// which the extraction could not expand.
const EXPANDED: Record<string, string> = {
  "step3_rlhf_finetuning/training_scripts/opt/single_gpu/run_6.7b_lora.sh": "0",
  "step3_rlhf_finetuning/training_scripts/opt/single_node/run_1.3b_lora.sh": "2",
  "step3_rlhf_finetuning/training_scripts/opt/single_node/run_30b_lora.sh": "3",
};
const ALWAYS_SET = ["deepspeed", "enable_tensorboard", "tensorboard_path", "output_dir", "data_output_path"];

function wantedFlags(script: string, stage: string): Record<string, unknown> {
  const flags: Record<string, unknown> = {
    ...shared?.presets.find((preset) => preset.script === script)?.flags,
  };
  const zero = EXPANDED[script];
  if (zero !== undefined) {
    delete flags["actor_zero_stage     --critic_zero_stage"];
    Object.assign(flags, { actor_zero_stage: zero, critic_zero_stage: zero });
  }
  for (const name of ALWAYS_SET) flags[name] = true;
  if (stage === "sft") flags.print_loss = true;
  if (stage === "ppo") {
    Object.assign(flags, {
      actor_model_name_or_path: CHECKPOINTS.actor,
      critic_model_name_or_path: CHECKPOINTS.critic,
    });
  }
  return flags;
}

/** 9.65e-6 and 9.65e-06, "0." and 0 are one value. */
function normalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? true : value.map(normalize);
  if (value === true) return true;
  const number = Number(value);
  return [Number.isNaN(number) ? value : number];
}

describe.skipIf(shared === null)("compared with the shipped scripts themselves", () => {
  it.each(SHIPPED_SCRIPTS.map((script) => [script.script, script] as const))(
    "%s passes the same",
    (_, script) => {
      const rendered = flagsOf(render(script).argv);
      const wanted = wantedFlags(script.script, script.stage);
      expect(Object.keys(rendered).sort()).toEqual(Object.keys(wanted).sort());
      for (const [name, value] of Object.entries(wanted)) {
        if (["tensorboard_path", "output_dir", "data_output_path"].includes(name)) continue;
        const wrapped = Array.isArray(value) ? value.flatMap((entry) => normalize(entry)) : normalize(value);
        const given = rendered[name]?.length ? rendered[name].flatMap((entry) => normalize(entry)) : true;
        expect(given, name).toEqual(wrapped);
      }
    },
  );
});

describe("a rendered stage", () => {
  it("leaves unset, off and empty values out", () => {
    const { argv } = renderStage(
      input("sft", {
        model_name_or_path: "m",
        dropout: null,
        offload: false,
        sft_only_data_path: [],
        eot_token: "",
      }),
    );
    expect(argv).not.toContain("--dropout");
    expect(argv).not.toContain("--offload");
    expect(argv).not.toContain("--sft_only_data_path");
    expect(argv).not.toContain("--eot_token");
  });

  it("keeps zeros", () => {
    const { argv } = renderStage(input("sft", { model_name_or_path: "m", dropout: 0, zero_stage: 0 }));
    expect(argv.join(" ")).toContain("--zero_stage 0");
    expect(argv.join(" ")).toContain("--dropout 0");
  });

  it("expects actor and critic of ppo, and the averaged actor when it is kept", () => {
    expect(renderStage(input("ppo", { enable_ema: true })).expectedFiles).toEqual([
      ["actor/pytorch_model.bin", "actor/*.safetensors"],
      ["critic/pytorch_model.bin", "critic/*.safetensors"],
      ["actor_ema/pytorch_model.bin", "actor_ema/*.safetensors"],
    ]);
  });

  it("gives other data another cache, and another stage its own", () => {
    const cacheOf = (stage: "sft" | "reward", seed: number) =>
      flagsOf(renderStage(input(stage, { model_name_or_path: "m", seed })).argv).data_output_path?.[0];
    expect(cacheOf("sft", 1)).toBe(cacheOf("sft", 1));
    expect(cacheOf("sft", 1)).not.toBe(cacheOf("sft", 2));
    expect(cacheOf("sft", 1)).not.toBe(cacheOf("reward", 1));
  });

  it("puts the virtual environment first and keeps the user's PYTHONPATH behind the application", () => {
    const command = renderStage({
      ...input("sft", { model_name_or_path: "m" }),
      parameters: { fields: {}, env: { PYTHONPATH: "/opt/mine", WANDB_MODE: "offline" } },
      facts: {
        ...FACTS,
        virtualEnvironment: "/home/ada/venv",
        nodeEnv: { WANDB_MODE: "online", HF_HOME: "/data/hf" },
      },
    });
    expect(command.pathPrepend).toEqual(["/home/ada/venv/bin"]);
    expect(command.env).toEqual({
      WANDB_MODE: "offline",
      HF_HOME: "/data/hf",
      VIRTUAL_ENV: "/home/ada/venv",
      PYTHONPATH: "/home/ada/DeepSpeedExamples/applications/DeepSpeed-Chat:/opt/mine",
      CUDA_DEVICE_ORDER: "PCI_BUS_ID",
    });
  });

  it("accepts the DeepSpeed-Chat folder itself as the checkout", () => {
    const command = renderStage({
      ...input("reward", { model_name_or_path: "m" }),
      facts: { ...FACTS, examplesDirectory: "/srv/DeepSpeed-Chat/" },
    });
    expect(command.workingDirectory).toBe("/srv/DeepSpeed-Chat/training/step2_reward_model_finetuning");
  });
});
