// The virtual environment of npm run test:deepspeed: the lock set with CPU PyTorch, built once for each lock set and Python.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./prepare.mjs";

const LOCKS = join(ROOT, "server", "recipes", "deepspeed-chat");
const TORCH_LOCK = join(LOCKS, "torch.lock");
const REQUIREMENTS_LOCK = join(LOCKS, "requirements.lock");
const TORCH_CPU_INDEX = "https://download.pytorch.org/whl/cpu";
const PYTHONS = ["python3", "python3.13", "python3.12", "python3.11"];
const SUITABLE =
  "import sys, venv, ensurepip; print('%d.%d.%d' % sys.version_info[:3]); sys.exit(sys.version_info < (3, 11))";
const UNREACHABLE =
  /NewConnectionError|ConnectTimeoutError|NameResolutionError|ProxyError|Max retries exceeded|Network is unreachable/;

/**
 * Found in the cache (TRAINYARD_CACHE_DIR, else ~/.cache/trainyard), or built there.
 * @param {(line: string) => void} log
 * @returns {{ directory: string, missing?: undefined } | { missing: string }} missing: what this machine lacks
 */
export function ensureVirtualEnvironment(log) {
  const python = findPython();
  if (python === null)
    return { missing: "Python 3.11 or newer with its venv module (apt-get install python3-venv)" };
  if (!runs("g++", ["--version"]))
    return { missing: "g++, which DeepSpeed compiles its operators with (apt-get install g++)" };
  const hash = createHash("sha256").update(python.version);
  for (const file of [TORCH_LOCK, REQUIREMENTS_LOCK]) hash.update(readFileSync(file));
  const cache = process.env.TRAINYARD_CACHE_DIR || join(homedir(), ".cache", "trainyard");
  const directory = join(cache, `deepspeed-${hash.digest("hex").slice(0, 16)}`);
  const stamp = join(directory, "complete");
  if (existsSync(stamp)) return { directory };
  const problem = build(python.path, directory, log);
  if (problem !== null) {
    rmSync(directory, { recursive: true, force: true });
    if (UNREACHABLE.test(problem))
      return { missing: `the package registry cannot be reached: ${lastLine(problem)}` };
    throw new Error(`the lock set cannot be installed:\n${problem}`);
  }
  writeFileSync(stamp, python.version);
  return { directory };
}

function findPython() {
  for (const path of PYTHONS) {
    const result = spawnSync(path, ["-c", SUITABLE], { encoding: "utf8" });
    if (result.status === 0) return { path, version: result.stdout.trim() };
  }
  return null;
}

/** null when all is installed, else what the failing step said. */
function build(python, directory, log) {
  rmSync(directory, { recursive: true, force: true });
  log(`Building ${directory}: about 1.5 GB, once …`);
  const venv = attempt(python, ["-m", "venv", directory]);
  if (venv !== null) return venv;
  const pip = (...args) =>
    attempt(join(directory, "bin", "python"), [
      "-m",
      "pip",
      "install",
      "--disable-pip-version-check",
      ...args,
    ]);
  log("Installing PyTorch for the CPU …");
  const torch = /^torch==.+$/m.exec(readFileSync(TORCH_LOCK, "utf8"))?.[0];
  // From the sources that pip is set up with, where those have the CPU build, else from PyTorch's own index.
  const own = pip(`${torch}+cpu`);
  const installed = own === null ? null : pip("--index-url", TORCH_CPU_INDEX, `${torch}+cpu`);
  if (installed !== null) return installed;
  log("Installing the lock set …");
  return pip("-r", REQUIREMENTS_LOCK);
}

function attempt(program, args) {
  const result = spawnSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  return result.status === 0 ? null : `${result.stdout}${result.stderr}${result.error?.message ?? ""}`;
}

function runs(program, args) {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

function lastLine(text) {
  return text.trim().split("\n").at(-1);
}
