import type { RenderedCommand } from "../contracts/recipes";
import { isSecretName } from "../contracts/secrets";
import { STAGE_LABEL, type StageKind } from "../contracts/statuses";
import { quoteArgument, quotePath } from "./quote-argv";
import { flagLines, launcherOf } from "./render-preview";

export interface ScriptInput {
  runName: string;
  nodeName: string;
  commands: readonly { stage: StageKind; command: RenderedCommand }[];
}

/**
 * All stages as one POSIX sh program that needs no Trainyard: each runs after the one before, logs to
 * training.log in its output folder, and has to leave its checkpoint. Secret variables are asked of the caller.
 */
export function renderScript(input: ScriptInput): string {
  const secrets = new Set(
    input.commands.flatMap(({ command }) => Object.keys(command.env).filter(isSecretName)),
  );
  return [
    "#!/bin/sh",
    `# ${oneLine(input.runName || "RLHF run")}, for ${oneLine(input.nodeName)}. Written by Trainyard; runs without it.`,
    "# No stage saves checkpoints while it trains: a stage that is cut off starts from the beginning.",
    "set -eu",
    ...[...secrets].map((name) => `: "\${${name}:?set ${name} first}"`),
    "",
    ...input.commands.flatMap(({ stage, command }) => [...stageFunction(stage, command), ""]),
    ...input.commands.map(({ stage }) => `run_${stage}`),
    'echo "All stages have succeeded."',
    "",
  ].join("\n");
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]+/g, " ");
}

function stageFunction(stage: StageKind, command: RenderedCommand): string[] {
  const output = quotePath(command.outputDirectory);
  const env = Object.entries(command.env)
    .filter(([name]) => !isSecretName(name))
    .map(([name, value]) => `${name}=${environmentValue(value)}`);
  const path = command.pathPrepend.map((directory) => `PATH=${quotePath(directory)}:"$PATH"`);
  return [
    `run_${stage}() (`,
    `  echo "${STAGE_LABEL[stage]}: log in "${output}/training.log`,
    `  mkdir -p ${output}`,
    ...localDataLines(command),
    `  cd ${quotePath(command.workingDirectory)}`,
    `  env ${[...env, ...path].join(" ")} \\`,
    `    ${launcherOf(command.argv).join(" ")} \\`,
    ...flagLines(command.argv).map((line) => `    ${line} \\`),
    `    >${output}/training.log 2>&1`,
    ...command.expectedFiles.flatMap((group) => checkFiles(stage, output, group)),
    ")",
  ];
}

/** A search path keeps its meaning when its first folder is below the home directory. */
function environmentValue(value: string): string {
  return value.startsWith("~/") ? quotePath(value) : quoteArgument(value);
}

// The launcher exits 0 even when a signal kills it, so the checkpoint decides.
function checkFiles(stage: StageKind, output: string, group: readonly string[]): string[] {
  const tests = group.map((file) => `ls ${output}/${file} >/dev/null 2>&1`);
  return [`  { ${tests.join(" || ")}; } || { echo "${stage}: no checkpoint was written" >&2; exit 1; }`];
}

/** Rows of the run's own, where its program looks for them: see LocalData. */
function localDataLines({ localData }: RenderedCommand): string[] {
  if (localData === undefined) return [];
  const { source } = localData;
  const overlay = quotePath(localData.directory);
  const place = [
    `  mkdir -p ${overlay}/data`,
    `  ln -sfn ${quotePath(localData.applicationDirectory)}/dschat ${overlay}/dschat`,
  ];
  if (source.type === "directory") {
    const link = (file: string) => `  ln -sf ${quotePath(source.path)}/${file} ${overlay}/data/${file}`;
    return [...place, link("train.json"), link("eval.json")];
  }
  const missing = `save both parts of ${source.reference} as train.json and eval.json in `;
  const test = `[ -f ${overlay}/data/train.json ] && [ -f ${overlay}/data/eval.json ]`;
  return [...place, `  { ${test}; } || { echo ${quoteArgument(missing)}${overlay}/data >&2; exit 1; }`];
}
