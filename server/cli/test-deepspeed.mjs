// npm run test:deepspeed: the real DeepSpeed-Chat on a real sshd, driven over the API. What is missing skips it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureVirtualEnvironment } from "./deepspeed-environment.mjs";
import { prepare, ROOT } from "./prepare.mjs";
import { ensureTool } from "./system-tools.mjs";

process.chdir(ROOT);

const application = findApplication(process.env.DEEPSPEED_EXAMPLES_DIR);
const sshd = ensureTool("sshd");
if (sshd.path === null) skip(sshd.reason);
const environment = ensureVirtualEnvironment((line) => process.stderr.write(`  ${line}\n`));
if (environment.missing !== undefined) skip(environment.missing);

await prepare();
const extensions = join(environment.directory, "torch-extensions");
mkdirSync(extensions, { recursive: true });
const result = spawnSync(join(ROOT, "node_modules", ".bin", "vitest"), ["run", "--mode", "deepspeed"], {
  stdio: "inherit",
  env: {
    ...process.env,
    TRAINYARD_DEEPSPEED_VENV: environment.directory,
    TRAINYARD_DEEPSPEED_APPLICATION: application,
    TRAINYARD_DEEPSPEED_EXTENSIONS: extensions,
  },
});
process.exit(result.status ?? 1);

function skip(reason) {
  process.stdout.write(`skipped: ${reason}\n`);
  process.exit(0);
}

/** A checkout of DeepSpeedExamples, or its applications/DeepSpeed-Chat itself. */
function findApplication(directory) {
  if (!directory) skip("DEEPSPEED_EXAMPLES_DIR is not set; it names a checkout of DeepSpeedExamples");
  const found = [join(directory, "applications", "DeepSpeed-Chat"), directory].find((candidate) =>
    existsSync(join(candidate, "training", "step3_rlhf_finetuning", "main.py")),
  );
  if (found === undefined) skip(`DEEPSPEED_EXAMPLES_DIR=${directory} holds no applications/DeepSpeed-Chat`);
  return resolve(found);
}
