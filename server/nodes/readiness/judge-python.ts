import type { ReadinessFix } from "../../contracts/readiness";
import type { ImportFacts, ReadinessFacts } from "./readiness-facts";
import {
  type Check,
  error,
  fixWith,
  installCommand,
  isAtLeast,
  majorMinor,
  notApplicable,
  ok,
  shellWord,
  unknown,
  type Verdict,
  warning,
} from "./verdict";

/** DeepSpeed's own; torch 2.9 and transformers 5 want 3.10. */
const OLDEST_PYTHON = [3, 8] as const;
const CURRENT_PYTHON = [3, 10] as const;
/** Of the lock set that preparing installs. */
const PREPARED_PYTHON = [3, 11] as const;

/** The oldest driver for each CUDA major: NVIDIA's table of minor-version compatibility. */
const MINOR_COMPATIBILITY_DRIVER: Readonly<Record<number, number>> = { 11: 450, 12: 525, 13: 580 };

/** `pip install` into the Python that runs use. */
export function pipInstall({ python }: ReadinessFacts, packages: string): string | null {
  return python.path === null ? null : `${shellWord(python.path)} -m pip install ${packages}`;
}

/** transformers 5 lacks modeling_utils.no_init_weights, which dschat imports. */
export const TOO_NEW_TRANSFORMERS = [5, 0] as const;
const requirement = (name: string) =>
  name === "transformers" ? `'transformers<${TOO_NEW_TRANSFORMERS[0]}'` : name;

const ENVIRONMENT = "~/trainyard-venv";
const PACKAGES = ["torch", "deepspeed", "transformers", "datasets", "accelerate", "tensorboard"]
  .map(requirement)
  .join(" ");

/** Where pip may install a package it does; a Python of the distribution gets an environment beside it, with everything. */
export function installFix(facts: ReadinessFacts, name: string): ReadinessFix {
  const { path, isManaged } = facts.python;
  if (path === null || !isManaged) {
    return fixWith(`Install ${name}.`, {
      command: pipInstall(facts, requirement(name)),
      actions: ["prepare_node"],
    });
  }
  return fixWith(
    `This Python belongs to the system, and pip installs nothing into it. Prepare the node, or make a virtual environment and name it (${ENVIRONMENT}) in the node's settings.`,
    {
      command: `${shellWord(path)} -m venv ${ENVIRONMENT} && ${ENVIRONMENT}/bin/pip install ${PACKAGES}`,
      actions: ["prepare_node", "edit_node"],
    },
  );
}

/** What an import that gave no version means; null when it gave one. */
export function judgeImport(facts: ReadinessFacts, found: ImportFacts, name: string): Verdict | null {
  if (facts.python.path === null) return notApplicable("There is no Python to look with.");
  if (found.isTimedOut) {
    return error(
      `import ${name} did not end in time.`,
      fixWith("The driver or a network disk may hang. Try it on the node.", {
        command: `${shellWord(facts.python.path)} -X importtime -c 'import ${name}'`,
      }),
    );
  }
  if (found.error !== null) {
    const isMissing = found.error.startsWith("ModuleNotFoundError") && found.error.includes(`'${name}'`);
    return isMissing
      ? error(`${name} is not installed in ${facts.python.path}`, installFix(facts, name))
      : error(
          `import ${name} fails: ${found.error}`,
          fixWith(`Install ${name} again, in a version that fits the other packages.`, {
            command: pipInstall(facts, `--upgrade ${requirement(name)}`),
            actions: ["prepare_node"],
          }),
        );
  }
  return found.version === null ? unknown(`Importing ${name} gave no answer.`) : null;
}

/** In the user's home, without sudo: with what is there, else with what brings it. */
function newerPythonFix({ python: { interpreters, installer } }: ReadinessFacts): ReadinessFix {
  const [first] = interpreters;
  if (first !== undefined) {
    const all = interpreters.map(({ path, version }) => `${path} (${version})`).join(", ");
    return fixWith(
      `Prepare the node with ${first.path}: enter it as Python there. The node has ${all}. Or make a virtual environment of it and name that in the node's settings.`,
      { command: `${shellWord(first.path)} -m venv ${ENVIRONMENT}`, actions: ["prepare_node", "edit_node"] },
    );
  }
  const isConda = installer?.endsWith("/conda") === true;
  const where = isConda ? "~/trainyard-python/bin/python" : "~/.local/bin/python3.12";
  const get =
    installer === null
      ? "curl -LsSf https://astral.sh/uv/install.sh | sh && ~/.local/bin/uv"
      : shellWord(installer);
  return fixWith(
    `Get Python 3.12 into the home directory, without sudo, then prepare the node with it: enter ${where} as Python there.`,
    {
      command: isConda ? `${get} create -y -p ~/trainyard-python python=3.12` : `${get} python install 3.12`,
      actions: ["prepare_node"],
    },
  );
}

function judgePython(facts: ReadinessFacts): Verdict {
  const { python } = facts;
  if (python.missingEnvironment !== null) {
    return error(
      `There is no virtual environment at ${python.missingEnvironment}.`,
      fixWith("Make it, or name another one in the node's settings.", {
        command: `python3 -m venv ${shellWord(python.missingEnvironment)}`,
        actions: ["edit_node"],
      }),
    );
  }
  const install = installCommand(facts, {
    debian: "python3 python3-venv",
    fedora: "python3",
    alpine: "python3 py3-pip",
  });
  if (python.path === null) {
    return error("No Python is on the PATH.", fixWith("Install Python 3.", { command: install }));
  }
  const version = majorMinor(python.version);
  const evidence = `${python.version ?? "unknown version"} at ${python.path}`;
  if (version === null) return unknown(evidence);
  const older = newerPythonFix(facts);
  if (!isAtLeast(version, OLDEST_PYTHON)) return error(`${evidence}; DeepSpeed needs 3.8`, older);
  if (!isAtLeast(version, CURRENT_PYTHON))
    return warning(`${evidence}; current torch and transformers need 3.10`, older);
  if (!isAtLeast(version, PREPARED_PYTHON) && facts.torch.version === null)
    return warning(`${evidence}; preparing the node needs 3.11`, older);
  if (!python.hasVirtualEnvironment && python.hasVenvModule === false && facts.torch.version === null) {
    return warning(
      `${evidence}; it cannot make virtual environments`,
      fixWith("Install Python's venv module.", { command: install }),
    );
  }
  return ok(`${evidence}${python.hasVirtualEnvironment ? ", a virtual environment" : ""}`);
}

function judgeTorch(facts: ReadinessFacts): Verdict {
  const { torch, gpus } = facts;
  const problem = judgeImport(facts, torch, "torch");
  if (problem !== null) return problem;
  const seen = torch.deviceCount ?? 0;
  // CUDA shows a process one MIG instance, however many there are.
  const wanted = gpus.hasMig ? Math.min(1, gpus.count) : gpus.count;
  const evidence = `torch ${torch.version} sees ${seen} of ${gpus.count} ${gpus.count === 1 ? "GPU" : "GPUs"}`;
  if (torch.hip !== null) return ok(`${evidence} (ROCm ${torch.hip})`);
  if (gpus.count === 0 && seen === 0) {
    return warning(
      `torch ${torch.version}; nvidia-smi shows no GPU`,
      fixWith("Training needs NVIDIA GPUs. If the machine has some, install their driver.", {
        command: "nvidia-smi",
      }),
    );
  }
  if (torch.cuda === null) {
    return error(
      `torch ${torch.version} is built for CPUs only; the node has ${gpus.count} GPUs`,
      fixWith("Install a torch that is built for CUDA.", {
        command: pipInstall(
          facts,
          "--force-reinstall torch --index-url https://download.pytorch.org/whl/cu126",
        ),
      }),
    );
  }
  if (torch.unsupported.length > 0) {
    return error(
      `${evidence}, but holds no code for ${torch.unsupported.join(", ")}`,
      fixWith("Install a torch that is built for these GPUs: a newer one for newer GPUs.", {
        command: pipInstall(facts, "--upgrade torch"),
      }),
    );
  }
  if (seen >= wanted) return ok(evidence);
  if (torch.visibleDevices !== null) {
    return warning(
      `${evidence}: CUDA_VISIBLE_DEVICES=${torch.visibleDevices}`,
      fixWith(
        "Take CUDA_VISIBLE_DEVICES out of the node's variables and start files: runs choose GPUs themselves.",
        {
          actions: ["edit_node"],
        },
      ),
    );
  }
  return error(
    `${evidence}${torch.cudaError ? `: ${torch.cudaError}` : ""}`,
    fixWith("See what CUDA says on the node; after a driver update the machine has to restart.", {
      command: `${facts.python.path === null ? "python3" : shellWord(facts.python.path)} -c 'import torch; torch.cuda.init()'`,
    }),
  );
}

function judgeCuda(facts: ReadinessFacts): Verdict {
  const { torch, gpus } = facts;
  if (gpus.count === 0) return notApplicable("The node has no GPU.");
  const built = majorMinor(torch.cuda);
  if (built === null) return notApplicable("There is no torch built for CUDA.");
  const known = majorMinor(gpus.driverCuda);
  const evidence = `torch is built for CUDA ${torch.cuda}, driver ${gpus.driverVersion ?? "?"} knows CUDA ${gpus.driverCuda ?? "?"}`;
  if (known === null) return unknown(evidence);
  if (isAtLeast(known, built)) return ok(evidence);
  const driver = Number.parseInt(gpus.driverVersion ?? "", 10);
  const oldest = MINOR_COMPATIBILITY_DRIVER[built[0]];
  if (known[0] === built[0] && oldest !== undefined && driver >= oldest)
    return ok(`${evidence}: minor versions of CUDA ${built[0]} go together`);
  if ((torch.deviceCount ?? 0) > 0)
    return ok(`${evidence}, and it works: a CUDA compatibility package is there`);
  return error(
    evidence,
    fixWith("Install a torch for the driver's CUDA, or a newer driver.", {
      command: pipInstall(
        facts,
        `--force-reinstall torch --index-url https://download.pytorch.org/whl/cu${known[0]}${known[1]}`,
      ),
    }),
  );
}

function judgeCompiler(facts: ReadinessFacts): Verdict {
  const { compiler, python, torch, gpus, deepspeed } = facts;
  const needsCuda = gpus.count > 0 && torch.cuda !== null;
  const missing = [
    ...(compiler.cxx === null ? ["a C++ compiler"] : []),
    ...(compiler.ninja === null ? ["ninja"] : []),
    ...(needsCuda && compiler.nvcc === null ? ["nvcc"] : []),
    ...(python.hasHeaders === false ? ["Python.h"] : []),
  ];
  const evidence = [
    compiler.cxx,
    compiler.ninja === null ? null : `ninja ${compiler.ninja}`,
    compiler.nvccVersion === null ? null : `CUDA toolkit ${compiler.nvccVersion}`,
  ]
    .filter((part) => part !== null)
    .join(", ");
  const optimizer = deepspeed.ops.find((op) => op.name === "fused_adam");
  const isBuilt = optimizer?.state === "installed" || optimizer?.state === "built";
  const worse = needsCuda && !isBuilt ? error : warning;
  if (missing.length > 0) {
    return worse(
      `${missing.join(", ")} not found${evidence === "" ? "" : `; ${evidence}`}. DeepSpeed builds its optimisers with them at first use.`,
      fixWith("Install what is missing.", { command: compilerCommand(facts, missing) }),
    );
  }
  const toolkit = majorMinor(compiler.nvccVersion);
  const built = majorMinor(torch.cuda);
  if (needsCuda && toolkit !== null && built !== null && toolkit[0] !== built[0]) {
    return worse(
      `${evidence}, but torch is built for CUDA ${torch.cuda}: DeepSpeed refuses to build across major versions`,
      fixWith(`Install the CUDA ${built[0]} toolkit and set CUDA_HOME to it in the node's variables.`, {
        actions: ["edit_node"],
      }),
    );
  }
  return ok(evidence);
}

function compilerCommand(facts: ReadinessFacts, missing: readonly string[]): string | null {
  if (missing.length === 1 && missing[0] === "ninja") return pipInstall(facts, "ninja");
  if (missing.length === 1 && missing[0] === "nvcc")
    return installCommand(facts, { debian: "nvidia-cuda-toolkit", fedora: "cuda-toolkit" });
  return installCommand(facts, {
    debian: "build-essential ninja-build python3-dev",
    fedora: "gcc-c++ ninja-build python3-devel",
    alpine: "build-base ninja python3-dev",
  });
}

export const PYTHON_CHECKS: readonly Check[] = [
  { id: "python", group: "python", title: "Python", judge: judgePython },
  {
    id: "torch",
    group: "python",
    title: ({ gpus }) =>
      gpus.count === 0 ? "torch" : `torch sees ${gpus.count} ${gpus.count === 1 ? "GPU" : "GPUs"}`,
    judge: judgeTorch,
  },
  { id: "cuda_driver", group: "python", title: "CUDA against driver", judge: judgeCuda },
  { id: "compiler", group: "python", title: "Compiler and ninja", judge: judgeCompiler },
];
