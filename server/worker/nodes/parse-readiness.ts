import { z } from "zod";
import type { ImportFacts, ReadinessFacts } from "../../nodes/readiness/readiness-facts";
import { PLACE_ROLES } from "../../nodes/readiness/readiness-facts";

const text = z.string().nullish();
const flag = z.boolean().nullish();
const Import = z.object({ version: text, error: text, isTimedOut: z.boolean().default(false) });
const PythonPart = z.object({
  isVirtualEnvironment: flag,
  isManaged: flag,
  hasVenv: flag,
  hasHeaders: flag,
  tensorboard: text,
});
const TorchPart = Import.extend({
  cuda: text,
  hip: text,
  deviceCount: z.number().nullish(),
  cudaError: text,
  visibleDevices: text,
  unsupported: z.array(z.string()).default([]),
});
const OpPart = z.object({
  name: z.string(),
  state: z.enum(["installed", "built", "buildable", "incompatible"]),
  why: z.string().nullable(),
});
const DeepspeedPart = Import.extend({ ops: z.array(OpPart).default([]) });
const TransformersPart = Import.extend({ hasTorch: flag });
const ModelsPart = z.object({
  models: z.array(z.string()),
  modelCount: z.number(),
  isOffline: z.boolean(),
  hasToken: z.boolean(),
});
const HubPart = z.object({
  endpoint: z.string(),
  isReachable: z.boolean(),
  failure: text,
  latencyMs: z.number(),
});

/** The part of the facts that probe-readiness.sh prints. */
export type ProbedFacts = Pick<
  ReadinessFacts,
  | "osIds"
  | "setsidPath"
  | "isTimeSynchronised"
  | "logind"
  | "places"
  | "files"
  | "compiler"
  | "python"
  | "torch"
  | "deepspeed"
  | "transformers"
  | "datasets"
  | "examples"
  | "hub"
> & { shell: string | null };

type Lines = ReadonlyMap<string, readonly string[]>;

/**
 * The name=value lines of probe-readiness.sh. Every line is optional and judged alone: one that is missing or makes no
 * sense is null, so half an answer of a node that hangs is still half an answer. Pure.
 */
export function parseReadiness(output: string): ProbedFacts {
  const lines = collectLines(output);
  const value = (name: string) => lines.get(name)?.[0] || null;
  const hasFlag = (name: string) => value(name) === "1";
  return {
    shell: value("shell"),
    osIds: (value("osIds") ?? "").split(" ").filter(Boolean),
    setsidPath: lines.get("setsid")?.[0] ?? null,
    isTimeSynchronised: parseFlag(value("synchronised")),
    logind: {
      isRunning: hasFlag("logind"),
      killUserProcesses: parseFlag(value("killUserProcesses")),
      isInSession: hasFlag("inSession"),
      isExcluded: hasFlag("excluded"),
      hasLinger: hasFlag("linger"),
      username: value("username"),
    },
    places: (lines.get("place") ?? []).flatMap((line) => parsePlace(line) ?? []),
    files: parseFiles(value("files")),
    compiler: {
      cxx: value("cxx"),
      ninja: value("ninja"),
      nvcc: value("nvcc"),
      nvccVersion: value("nvccVersion"),
    },
    examples: {
      directory: value("examples"),
      commit: /^[0-9a-f]{40}$/.exec(value("examplesCommit") ?? "")?.[0] ?? null,
      changedFiles: parseCount(value("examplesChanged")),
      missing: [...(lines.get("examplesMissing") ?? [])],
    },
    ...parsePython(lines, value),
  };
}

function parsePython(lines: Lines, value: (name: string) => string | null) {
  const python = parsePart(lines, "python", PythonPart);
  const torch = parsePart(lines, "torch", TorchPart);
  const deepspeed = parsePart(lines, "deepspeed", DeepspeedPart);
  const transformers = parsePart(lines, "transformers", TransformersPart);
  return {
    python: {
      path: value("pythonPath"),
      version: value("pythonVersion"),
      missingEnvironment: value("missingEnvironment"),
      launcher: value("launcher"),
      launcherError: value("launcherError"),
      hasVirtualEnvironment: python?.isVirtualEnvironment ?? false,
      isManaged: python?.isManaged ?? false,
      hasVenvModule: python?.hasVenv ?? null,
      hasHeaders: python?.hasHeaders ?? null,
      tensorboard: python?.tensorboard ?? null,
      interpreters: (lines.get("interpreter") ?? []).flatMap((line) => parseInterpreter(line) ?? []),
      installer: value("installer"),
    },
    torch: {
      ...toImport(torch),
      cuda: torch?.cuda ?? null,
      hip: torch?.hip ?? null,
      deviceCount: torch?.deviceCount ?? null,
      cudaError: torch?.cudaError ?? null,
      visibleDevices: torch?.visibleDevices ?? null,
      unsupported: torch?.unsupported ?? [],
    },
    deepspeed: { ...toImport(deepspeed), ops: deepspeed?.ops ?? [] },
    transformers: { ...toImport(transformers), hasTorch: transformers?.hasTorch ?? null },
    datasets: toImport(parsePart(lines, "datasets", Import)),
    hub: parseHub(lines),
  };
}

function parseInterpreter(line: string): ReadinessFacts["python"]["interpreters"][number] | null {
  const [version = "", path] = line.split("\t");
  return /^\d+\.\d+\.\d+$/.test(version) && path ? { path, version } : null;
}

function toImport(part: z.output<typeof Import> | null): ImportFacts {
  return {
    version: part?.version ?? null,
    error: part?.error ?? null,
    isTimedOut: part?.isTimedOut ?? false,
  };
}

function parseHub(lines: Lines): ReadinessFacts["hub"] {
  const models = parsePart(lines, "models", ModelsPart);
  const hub = parsePart(lines, "hub", HubPart);
  if (models === null) return null;
  return {
    ...models,
    endpoint: hub?.endpoint ?? "the hub",
    isReachable: hub?.isReachable ?? null,
    error: hub?.failure ?? null,
    latencyMs: hub?.latencyMs ?? null,
  };
}

function parsePart<S extends z.ZodType>(lines: Lines, name: string, schema: S): z.output<S> | null {
  const line = lines.get(name)?.[0];
  if (line === undefined) return null;
  try {
    return schema.safeParse(JSON.parse(line)).data ?? null;
  } catch (error) {
    // Cut off in the middle: as good as not printed.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function parsePlace(line: string): ReadinessFacts["places"][number] | null {
  const [role, total, free, mount, totalInodes, freeInodes, writeError, path, nearest] = line.split("\t");
  const known = PLACE_ROLES.find((candidate) => candidate === role);
  if (known === undefined || !path || !nearest) return null;
  return {
    role: known,
    path,
    nearest,
    mount: mount || null,
    totalKiB: parseCount(total),
    freeKiB: parseCount(free),
    totalInodes: parseCount(totalInodes),
    freeInodes: parseCount(freeInodes),
    writeError: writeError || null,
  };
}

function parseFiles(line: string | null): ReadinessFacts["files"] {
  const [step, error, directory] = line?.split("\t") ?? [];
  if (!directory) return null;
  const failed = (["write", "rename", "link", "exclusive"] as const).find((known) => known === step);
  return { directory, failed: failed ?? null, error: failed && error ? error : null };
}

function collectLines(output: string): Lines {
  const lines = new Map<string, string[]>();
  for (const line of output.split(/\r?\n/)) {
    const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    // PostgreSQL's JSON refuses NUL.
    if (name !== undefined && value !== undefined)
      lines.set(name, [...(lines.get(name) ?? []), value.replaceAll("\0", "").slice(0, 4096)]);
  }
  return lines;
}

function parseCount(text: string | null | undefined): number | null {
  return text && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/** systemd's words for yes and no. */
function parseFlag(text: string | null): boolean | null {
  if (text === null) return null;
  if (/^(1|y|yes|t|true|on)$/i.test(text)) return true;
  return /^(0|n|no|f|false|off)$/i.test(text) ? false : null;
}
