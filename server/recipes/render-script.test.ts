import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { PRESETS } from "./deepspeed-chat/presets";
import { renderStage } from "./deepspeed-chat/render-stage";
import { renderPreview } from "./render-preview";
import { renderScript } from "./render-script";

const hasShellcheck = spawnSync("shellcheck", ["--version"]).status === 0;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function commandsIn(base: string, env: Record<string, string> = {}) {
  const preset = PRESETS.find((entry) => entry.id === "opt-1.3b-2xa30");
  if (preset === undefined) throw new Error("no such preset");
  return (["sft", "reward", "ppo"] as const).map((stage) => ({
    stage,
    command: renderStage({
      stage,
      runId: "r",
      attemptNumber: 1,
      parameters: { fields: preset.stages[stage].fields, env },
      facts: {
        examplesDirectory: `${base}/Deep Speed`,
        workDirectory: `${base}/.trainyard`,
        gpuIndices: [0, 1],
        masterPort: 29500,
        virtualEnvironment: null,
        nodeEnv: {},
        checkout: null,
      },
      checkpoints: stage === "ppo" ? { actor: `${base}/a`, critic: `${base}/c` } : null,
    }),
  }));
}

describe("the script of a run", () => {
  it.skipIf(!hasShellcheck)("has no finding of shellcheck", () => {
    for (const base of ["/home/ada", "~"]) {
      const script = renderScript({
        runName: "it's\n$(mine)",
        nodeName: "dgx",
        commands: commandsIn(base, { HF_TOKEN: "hf_x", NOTE: "a 'b'" }),
      });
      const result = spawnSync("shellcheck", ["--shell=sh", "-"], { input: script, encoding: "utf8" });
      expect(result.stdout).toBe("");
    }
  });

  it("holds no secret and asks for it instead", () => {
    const script = renderScript({
      runName: "r",
      nodeName: "n",
      commands: commandsIn("~", { HF_TOKEN: "hf_secret" }),
    });
    expect(script).not.toContain("hf_secret");
    expect(script).toContain("HF_TOKEN:?");
  });

  it("runs the three stages in a real sh, passes the arguments and stops at a missing checkpoint", () => {
    const home = mkdtempSync(join(tmpdir(), "trainyard-script-"));
    folders.push(home);
    for (const step of ["1_supervised", "2_reward_model"]) {
      mkdirSync(join(home, `Deep Speed/applications/DeepSpeed-Chat/training/step${step}_finetuning`), {
        recursive: true,
      });
    }
    mkdirSync(join(home, "Deep Speed/applications/DeepSpeed-Chat/training/step3_rlhf_finetuning"), {
      recursive: true,
    });
    // Writes a checkpoint for the first two stages and nothing for the third.
    const program = `#!/bin/sh
echo "$@" >>"${home}/calls"
while [ $# -gt 0 ]; do [ "$1" = --output_dir ] && out=$2; shift; done
case $out in *ppo*) ;; *) : >"$out/pytorch_model.bin" ;; esac
`;
    mkdirSync(join(home, "bin"));
    writeFileSync(join(home, "bin/deepspeed"), program);
    chmodSync(join(home, "bin/deepspeed"), 0o755);
    const script = renderScript({ runName: "r", nodeName: "n", commands: commandsIn("~") });
    const result = spawnSync("sh", ["-s"], {
      input: script,
      encoding: "utf8",
      env: { NODE_ENV: "test", HOME: home, PATH: `${home}/bin:/usr/bin:/bin` },
    });
    expect(result.stderr).toContain("ppo: no checkpoint was written");
    expect(result.status).toBe(1);
    const calls = readFileSync(join(home, "calls"), "utf8").trim().split("\n");
    expect(calls).toHaveLength(3);
    expect(calls[0]).toContain(`--output_dir ${home}/.trainyard/runs/r/sft-1`);
  });
});

describe("the preview", () => {
  it("shows one flag a line and hides secrets", () => {
    const [first] = commandsIn("~", { HF_TOKEN: "hf_secret" });
    const text = first ? renderPreview(first.command) : "";
    expect(text).toContain("\n  --per_device_train_batch_size 4 \\\n");
    expect(text).toContain('cd "$HOME"/');
    expect(text).not.toContain("hf_secret");
  });
});
