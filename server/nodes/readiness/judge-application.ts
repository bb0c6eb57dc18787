import { DEFAULT_EXAMPLES } from "../../contracts/preparation";
import { installFix, judgeImport, pipInstall, TOO_NEW_TRANSFORMERS } from "./judge-python";
import type { ReadinessFacts } from "./readiness-facts";
import {
  type Check,
  error,
  fixWith,
  isAtLeast,
  majorMinor,
  notApplicable,
  ok,
  shellWord,
  unknown,
  type Verdict,
  warning,
} from "./verdict";

/** Trainyard's flags, logs and tags were read from it. */
const KNOWN_COMMIT = DEFAULT_EXAMPLES.ref;
/** requirements.txt of DeepSpeed-Chat there. */
const OLDEST_DEEPSPEED = [0, 9] as const;
const OLDEST_TRANSFORMERS = [4, 31] as const;
const OLDEST_DATASETS = [2, 8] as const;

function judgeDeepspeed(facts: ReadinessFacts): Verdict {
  const { deepspeed, python } = facts;
  const problem = judgeImport(facts, deepspeed, "deepspeed");
  if (problem !== null) return problem;
  if (python.launcherError !== null) {
    return error(
      `${python.launcher ?? "deepspeed"}: ${python.launcherError}`,
      fixWith("Install deepspeed again: its program names a Python that is gone.", {
        command: pipInstall(facts, "--force-reinstall --no-deps deepspeed"),
      }),
    );
  }
  if (python.launcher === null) {
    return error(
      `deepspeed ${deepspeed.version} can be imported, but its program is not on the PATH`,
      fixWith(
        "Name the virtual environment that it is in, in the node's settings: its bin/ goes first on the PATH.",
        {
          actions: ["edit_node"],
        },
      ),
    );
  }
  return (
    judgeAge(facts, { name: "deepspeed", version: deepspeed.version, oldest: OLDEST_DEEPSPEED }) ??
    ok(`${deepspeed.version}, started by ${python.launcher}`)
  );
}

function judgeAge(
  facts: ReadinessFacts,
  found: { name: string; version: string | null; oldest: readonly [number, number] },
): Verdict | null {
  const version = majorMinor(found.version);
  if (version === null || isAtLeast(version, found.oldest)) return null;
  const oldest = found.oldest.join(".");
  return error(
    `${found.version}; DeepSpeed-Chat needs ${oldest} or newer`,
    fixWith(`Install a newer ${found.name}.`, {
      command: pipInstall(facts, `'${found.name}>=${oldest}'`),
      actions: ["prepare_node"],
    }),
  );
}

function judgeOps(facts: ReadinessFacts): Verdict {
  const { deepspeed, compiler } = facts;
  if (deepspeed.version === null) return notApplicable("deepspeed cannot be imported.");
  if (deepspeed.ops.length === 0) return unknown("deepspeed did not say which ops it has.");
  const evidence = deepspeed.ops
    .map((op) => `${op.name} ${op.state === "buildable" ? "is built at first use" : op.state}`)
    .join(", ");
  const broken = deepspeed.ops.filter((op) => op.state === "incompatible");
  const why = broken.flatMap((op) => (op.why === null ? [] : [`${op.name}: ${op.why}`])).join("; ");
  if (broken.length === 0) return ok(evidence);
  const fix = fixWith(
    compiler.nvcc === null
      ? "Install the CUDA toolkit that torch is built for, then check again."
      : "See what DeepSpeed misses. Without transformer_inference switch the hybrid engine off.",
    {
      command: facts.python.path === null ? null : `${shellWord(facts.python.path)} -m deepspeed.env_report`,
    },
  );
  const isOptimizer = broken.some((op) => op.name === "fused_adam");
  return (isOptimizer ? error : warning)(`${evidence}${why === "" ? "" : `. ${why}`}`, fix);
}

function judgeTransformers(facts: ReadinessFacts): Verdict {
  const { transformers, torch } = facts;
  const problem = judgeImport(facts, transformers, "transformers");
  if (problem !== null) return problem;
  const { version } = transformers;
  const old = judgeAge(facts, { name: "transformers", version, oldest: OLDEST_TRANSFORMERS });
  if (old !== null) return old;
  const parsed = majorMinor(version);
  if (parsed !== null && isAtLeast(parsed, TOO_NEW_TRANSFORMERS)) {
    return error(
      `${version}; DeepSpeed-Chat imports transformers.modeling_utils.no_init_weights, which is gone since 5`,
      installFix(facts, "transformers"),
    );
  }
  if (transformers.hasTorch === false && torch.version !== null) {
    return error(
      `${version} does not accept torch ${torch.version} and loads no models`,
      fixWith("Install a newer torch, or an older transformers.", {
        command: pipInstall(facts, "--upgrade torch"),
      }),
    );
  }
  return ok(version ?? "");
}

function judgeDatasets(facts: ReadinessFacts): Verdict {
  const { datasets } = facts;
  return (
    judgeImport(facts, datasets, "datasets") ??
    judgeAge(facts, { name: "datasets", version: datasets.version, oldest: OLDEST_DATASETS }) ??
    ok(datasets.version ?? "")
  );
}

function judgeTensorboard(facts: ReadinessFacts): Verdict {
  const { python } = facts;
  if (python.path === null) return notApplicable("There is no Python to look with.");
  if (python.version === null) return unknown("Python gave no answer.");
  if (python.tensorboard !== null) return ok(python.tensorboard);
  return error(
    `tensorboard is not installed in ${python.path}; every run writes its scalars with it`,
    installFix(facts, "tensorboard"),
  );
}

function judgeExamples({ examples }: ReadinessFacts): Verdict {
  const clone = `git clone ${DEFAULT_EXAMPLES.url} ~/DeepSpeedExamples`;
  if (examples.directory === null) {
    return error(
      "DeepSpeedExamples was not found in the home directory.",
      fixWith("Clone it into the home directory, or name its directory in the node's settings.", {
        command: `${clone} && git -C ~/DeepSpeedExamples checkout ${KNOWN_COMMIT}`,
        actions: ["prepare_node", "edit_node"],
      }),
    );
  }
  const directory = shellWord(examples.directory);
  if (examples.missing.length > 0) {
    return error(
      `${examples.directory} lacks ${examples.missing.join(", ")}`,
      fixWith(
        "Check out a commit that has DeepSpeed-Chat whole, or name another directory in the node's settings.",
        {
          command: `git -C ${directory} checkout ${KNOWN_COMMIT}`,
          actions: ["edit_node"],
        },
      ),
    );
  }
  const changes = examples.changedFiles ? `, ${examples.changedFiles} changed files` : "";
  if (examples.commit === null) return ok(`${examples.directory}, not a git checkout: its commit is unknown`);
  const evidence = `${examples.directory} at ${examples.commit.slice(0, 12)}${changes}`;
  if (examples.commit === KNOWN_COMMIT) return ok(`${evidence}, the commit that Trainyard knows`);
  return warning(
    `${evidence}; Trainyard knows ${KNOWN_COMMIT.slice(0, 12)}`,
    fixWith("Flags and log lines may differ. To use the known commit:", {
      command: `git -C ${directory} fetch origin && git -C ${directory} checkout ${KNOWN_COMMIT}`,
    }),
  );
}

function judgeHub({ hub, python }: ReadinessFacts): Verdict {
  if (hub === null) {
    return python.path === null
      ? notApplicable("There is no Python to look with.")
      : unknown("The check gave no answer.");
  }
  const shown = hub.models.slice(0, 3).join(", ");
  const models =
    hub.modelCount === 0
      ? "no model in the cache"
      : `${hub.modelCount} ${hub.modelCount === 1 ? "model" : "models"} in the cache (${shown}${hub.modelCount > 3 ? ", …" : ""})`;
  const token = hub.hasToken ? ", a token is set" : "";
  const reach =
    "Open the way to the hub, set HF_ENDPOINT to a mirror or HTTPS_PROXY to a proxy in the node's variables";
  if (hub.isOffline) {
    if (hub.modelCount > 0) return ok(`Offline mode, ${models}`);
    return error(
      `Offline mode, and ${models}`,
      fixWith("Copy models into the cache, or take HF_HUB_OFFLINE out of the node's variables.", {
        actions: ["edit_node"],
      }),
    );
  }
  if (hub.isReachable === null) return unknown(`${hub.endpoint} gave no answer in time; ${models}`);
  if (hub.isReachable)
    return ok(`${hub.endpoint} answers in ${Math.round(hub.latencyMs ?? 0)} ms, ${models}${token}`);
  const evidence = `${hub.endpoint} cannot be reached (${hub.error ?? "no reason given"}); ${models}`;
  if (hub.modelCount === 0)
    return error(evidence, fixWith(`${reach}, or copy models into the cache.`, { actions: ["edit_node"] }));
  return warning(
    evidence,
    fixWith(
      `${reach}. To use only what is there, set HF_HUB_OFFLINE=1: loading then does not wait for retries.`,
      {
        actions: ["edit_node"],
      },
    ),
  );
}

export const APPLICATION_CHECKS: readonly Check[] = [
  { id: "deepspeed", group: "application", title: "deepspeed", judge: judgeDeepspeed },
  { id: "deepspeed_ops", group: "application", title: "deepspeed's ops", judge: judgeOps },
  { id: "transformers", group: "application", title: "transformers", judge: judgeTransformers },
  { id: "datasets", group: "application", title: "datasets", judge: judgeDatasets },
  { id: "tensorboard", group: "application", title: "tensorboard", judge: judgeTensorboard },
  { id: "examples", group: "application", title: "DeepSpeedExamples", judge: judgeExamples },
  { id: "hub", group: "application", title: "Hub or models", judge: judgeHub },
];
