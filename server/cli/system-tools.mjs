// What the tests need from the system: used when present, installed by apt-get when that is allowed, else named.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const TOOLS = {
  shellcheck: { packages: ["shellcheck"], candidates: ["shellcheck"] },
  sshd: { packages: ["openssh-server"], candidates: ["/usr/sbin/sshd", "/usr/local/sbin/sshd"] },
  chromium: {
    packages: ["chromium"],
    candidates: [
      process.env.CHROMIUM_PATH,
      "chromium",
      "chromium-browser",
      "google-chrome-stable",
      "google-chrome",
    ].filter(Boolean),
  },
  busybox: { packages: ["busybox"], candidates: ["busybox"] },
  // Debian's python3 comes without what makes a virtual environment.
  python3: {
    packages: ["python3-venv"],
    candidates: ["/usr/local/bin/python3", "/usr/bin/python3"],
    proof: ["-c", "import ensurepip, venv"],
  },
};
const found = new Map();
let isUpdated = false;

function locate(candidates) {
  for (const candidate of candidates) {
    if (candidate.startsWith("/")) {
      if (existsSync(candidate)) return candidate;
      continue;
    }
    const result = spawnSync("sh", ["-c", 'command -v "$1"', "sh", candidate], { encoding: "utf8" });
    if (result.status === 0) return result.stdout.trim();
  }
  return null;
}

function install(packages) {
  if (process.getuid?.() !== 0 || locate(["apt-get"]) === null) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  if (!isUpdated) spawnSync("apt-get", ["update", "-qq"], { stdio: "ignore", env });
  isUpdated = true;
  process.stderr.write(`  Installing ${packages.join(" ")} …\n`);
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], {
    stdio: "ignore",
    env,
  });
}

/** @returns {{ path: string | null, reason: string }} reason says which command to run when path is null */
export function ensureTool(name) {
  const known = found.get(name);
  if (known) return known;
  const { packages, candidates, proof } = TOOLS[name];
  const find = () => {
    const path = locate(candidates);
    return path === null || proof === undefined || spawnSync(path, proof).status === 0 ? path : null;
  };
  let path = find();
  if (path === null) {
    install(packages);
    path = find();
  }
  const result = { path, reason: `${name} is missing; run: sudo apt-get install ${packages.join(" ")}` };
  found.set(name, result);
  return result;
}
