import type { PlaceFacts, ReadinessFacts } from "../nodes/readiness/readiness-facts";

const GIB = 1024 * 1024;

export function placeFacts(
  role: PlaceFacts["role"],
  path: string,
  changes: Partial<PlaceFacts> = {},
): PlaceFacts {
  return {
    role,
    path,
    nearest: path,
    mount: role === "shm" ? "/dev/shm" : "/",
    totalKiB: 900 * GIB,
    freeKiB: 500 * GIB,
    totalInodes: 60_000_000,
    freeInodes: 50_000_000,
    writeError: null,
    ...changes,
  };
}

/** A node with two A100s that lacks nothing. */
export const READY_NODE: ReadinessFacts = {
  isPractice: false,
  settingsHash: "0",
  osIds: ["ubuntu", "debian"],
  login: { shell: "/bin/bash", noise: "", noiseBytes: 0, startMs: 42, sftpError: null },
  setsidPath: "/usr/bin/setsid",
  clockOffsetMs: [-3, 4],
  isTimeSynchronised: true,
  logind: {
    isRunning: true,
    killUserProcesses: false,
    isInSession: true,
    isExcluded: false,
    hasLinger: false,
    username: "ada",
  },
  places: [
    placeFacts("home", "/home/ada"),
    placeFacts("work", "/home/ada/.trainyard"),
    placeFacts("tmp", "/tmp"),
    placeFacts("shm", "/dev/shm"),
    placeFacts("hub", "/home/ada/.cache/huggingface/hub"),
  ],
  files: { directory: "/home/ada", failed: null, error: null },
  gpus: { count: 2, hasMig: false, driverVersion: "550.54.15", driverCuda: "12.4" },
  compiler: { cxx: "g++ 12.2.0", ninja: "1.11.1", nvcc: "/usr/local/cuda/bin/nvcc", nvccVersion: "12.4" },
  python: {
    path: "/home/ada/venv/bin/python3",
    version: "3.11.7",
    missingEnvironment: null,
    hasVirtualEnvironment: true,
    isManaged: false,
    hasVenvModule: true,
    hasHeaders: true,
    tensorboard: "2.21.0",
    launcher: "/home/ada/venv/bin/deepspeed",
    launcherError: null,
    interpreters: [],
    installer: null,
  },
  torch: {
    version: "2.5.1+cu124",
    error: null,
    isTimedOut: false,
    cuda: "12.4",
    hip: null,
    deviceCount: 2,
    cudaError: null,
    unsupported: [],
    visibleDevices: null,
  },
  deepspeed: {
    version: "0.16.2",
    error: null,
    isTimedOut: false,
    ops: [
      { name: "fused_adam", state: "buildable", why: null },
      { name: "cpu_adam", state: "built", why: null },
      { name: "transformer_inference", state: "installed", why: null },
    ],
  },
  transformers: { version: "4.48.0", error: null, isTimedOut: false, hasTorch: true },
  datasets: { version: "3.2.0", error: null, isTimedOut: false },
  examples: {
    directory: "/home/ada/DeepSpeedExamples",
    commit: "45b4b7156c8794a3452a5a7d03dbd8d797068569",
    changedFiles: 0,
    missing: [],
  },
  hub: {
    endpoint: "https://huggingface.co",
    isOffline: false,
    hasToken: true,
    isReachable: true,
    error: null,
    latencyMs: 81,
    models: ["facebook/opt-1.3b"],
    modelCount: 1,
  },
};

/** Facts with some parts changed: `{ torch: { cuda: null } }`. Arrays and null are taken as they are. */
export function readinessFacts(changes: PartsOf<ReadinessFacts> = {}): ReadinessFacts {
  const facts: Record<string, unknown> = { ...READY_NODE };
  for (const [name, change] of Object.entries(changes)) {
    const isPart = typeof change === "object" && change !== null && !Array.isArray(change);
    facts[name] = isPart ? { ...(facts[name] as object), ...change } : change;
  }
  // Safe because each part is of the type that stands under its name.
  return facts as ReadinessFacts;
}

type PartsOf<T> = {
  [K in keyof T]?: T[K] extends readonly unknown[] | null ? T[K] : Partial<T[K]> | Extract<T[K], null>;
};
