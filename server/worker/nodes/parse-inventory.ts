import type { NodeInventory } from "../../contracts/nodes";
import { parseGpus } from "./parse-gpus";

const KIB_PER_GIB = 1024 * 1024;

/**
 * The name=value lines of probe-node.sh as an inventory. Every line is optional and judged alone: one that is missing or
 * makes no sense is null. Memory in MiB, disk in GiB.
 */
export function parseInventory(output: string, commandLatencyMs: number | null): NodeInventory {
  const lines = collectLines(output);
  const text = (name: string) => lines.get(name)?.[0]?.slice(0, 1024) ?? null;
  const count = (name: string) => parseCount(text(name));
  const [diskTotalKiB = null, diskFreeKiB = null] = (text("diskKiB") ?? "").split(" ").map(parseCount);
  const memoryTotalKiB = count("memoryTotalKiB");
  const gpus = parseGpus({ list: lines.get("gpuList") ?? [], query: lines.get("gpu") ?? [] });
  return {
    hostname: text("hostname"),
    os: text("os"),
    kernel: text("kernel"),
    architecture: text("architecture"),
    loginShell: text("loginShell"),
    homeDirectory: absolute(text("homeDirectory")),
    cpuModel: text("cpuModel"),
    cpuCount: count("cpuCount"),
    memoryTotalMiB: memoryTotalKiB === null ? null : Math.round(memoryTotalKiB / 1024),
    diskTotalGiB: toGiB(diskTotalKiB),
    diskFreeGiB: toGiB(diskFreeKiB),
    driverVersion: gpus.driverVersion,
    cudaVersion: text("cudaVersion"),
    gpus: gpus.gpus,
    python: text("python"),
    torch: text("torch"),
    deepspeed: text("deepspeed"),
    transformers: text("transformers"),
    examplesDirectory: absolute(text("examplesDirectory")),
    examplesCommit: /^[0-9a-f]{40}$/.exec(text("examplesCommit") ?? "")?.[0] ?? null,
    hasSetsid: ({ "0": false, "1": true } as Record<string, boolean>)[text("hasSetsid") ?? ""] ?? null,
    commandLatencyMs: commandLatencyMs === null ? null : Math.round(commandLatencyMs * 10) / 10,
  };
}

function collectLines(output: string): Map<string, string[]> {
  const lines = new Map<string, string[]>();
  for (const line of output.split(/\r?\n/)) {
    const [, name, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    // PostgreSQL's JSON refuses NUL; names of devices hold none.
    if (name !== undefined && value !== undefined)
      lines.set(name, [...(lines.get(name) ?? []), value.replaceAll("\0", "")]);
  }
  return lines;
}

function parseCount(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function toGiB(kib: number | null): number | null {
  return kib === null ? null : Math.round((kib / KIB_PER_GIB) * 10) / 10;
}

function absolute(path: string | null): string | null {
  return path?.startsWith("/") ? path : null;
}
