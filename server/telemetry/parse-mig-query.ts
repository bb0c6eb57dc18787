import { parseCell } from "./parse-nvidia-smi";

/** What only `nvidia-smi -q` tells about a MIG instance. Compute instances of one GPU instance share its memory. */
export interface MigReading {
  parentUuid: string;
  migIndex: number;
  gpuInstanceId: number | null;
  computeInstanceId: number | null;
  memoryTotalMiB: number | null;
  memoryReservedMiB: number | null;
  memoryUsedMiB: number | null;
  memoryFreeMiB: number | null;
  eccErrorsUncorrected: number | null;
}
export interface MigProcess {
  parentUuid: string;
  gpuInstanceId: number | null;
  computeInstanceId: number | null;
  pid: number;
  name: string;
  memoryMiB: number | null;
}
export interface MigQuery {
  instances: MigReading[];
  processes: MigProcess[];
}

type Section = "other" | "device" | "memory" | "ecc" | "processes";
interface Cursor {
  section: Section;
  instances: Omit<MigReading, "parentUuid">[];
  processes: Omit<MigProcess, "parentUuid">[];
  gpuInstanceId: number | null;
  computeInstanceId: number | null;
  parentUuid: string | null;
}

const freshCursor = (): Cursor => ({
  section: "other",
  instances: [],
  processes: [],
  gpuInstanceId: null,
  computeInstanceId: null,
  parentUuid: null,
});

/**
 * The MIG devices and processes of `nvidia-smi -q`: indented titles, `key : value` below them.
 * A GPU's UUID stands after its MIG devices, so a GPU is settled when the next one begins.
 */
export function parseMigQuery(text: string): MigQuery {
  const result: MigQuery = { instances: [], processes: [] };
  let cursor = freshCursor();
  const settle = () => {
    const { parentUuid } = cursor;
    if (parentUuid !== null) {
      result.instances.push(...cursor.instances.map((instance) => ({ parentUuid, ...instance })));
      result.processes.push(...cursor.processes.map((process) => ({ parentUuid, ...process })));
    }
    cursor = freshCursor();
  };
  for (const line of text.split(/\r?\n/)) {
    if (/^GPU [0-9A-Fa-f]+:/.test(line)) settle();
    else readLine(cursor, line);
  }
  settle();
  return result;
}

function readLine(cursor: Cursor, line: string): void {
  const pair = /^\s*([^:]*?)\s*: (.*?)\s*$/.exec(line);
  if (!pair) {
    enterSection(cursor, line);
    return;
  }
  const [, key = "", value = ""] = pair;
  if (key === "GPU UUID") cursor.parentUuid = value;
  else if (cursor.section === "processes") readProcess(cursor, key, value);
  else if (cursor.section !== "other") readDevice(cursor, key, value);
}

function enterSection(cursor: Cursor, line: string): void {
  const title = line.trim();
  if (title === "MIG Device") {
    cursor.section = "device";
    cursor.instances.push({
      migIndex: -1,
      gpuInstanceId: null,
      computeInstanceId: null,
      memoryTotalMiB: null,
      memoryReservedMiB: null,
      memoryUsedMiB: null,
      memoryFreeMiB: null,
      eccErrorsUncorrected: null,
    });
  } else if (/^ {4}\S/.test(line)) {
    cursor.section = title === "Processes" ? "processes" : "other";
  } else if (cursor.section !== "other" && cursor.section !== "processes" && /^ {8}\S/.test(line)) {
    if (/FB Memory Usage$/.test(title)) cursor.section = "memory";
    else cursor.section = title === "ECC Errors" ? "ecc" : "device";
  }
}

function readDevice(cursor: Cursor, key: string, value: string): void {
  const device = cursor.instances.at(-1);
  if (!device) return;
  const number = parseCell(value);
  if (cursor.section === "ecc") {
    if (key === "SRAM Uncorrectable") device.eccErrorsUncorrected = number;
  } else if (cursor.section === "memory") {
    if (key === "Total") device.memoryTotalMiB = number;
    else if (key === "Reserved") device.memoryReservedMiB = number;
    else if (key === "Used") device.memoryUsedMiB = number;
    else if (key === "Free") device.memoryFreeMiB = number;
  } else if (key === "Index") device.migIndex = number ?? -1;
  else if (key === "GPU Instance ID") device.gpuInstanceId = number;
  else if (key === "Compute Instance ID") device.computeInstanceId = number;
}

function readProcess(cursor: Cursor, key: string, value: string): void {
  const process = cursor.processes.at(-1);
  if (/^GPU instance ID$/i.test(key)) cursor.gpuInstanceId = parseCell(value);
  else if (/^Compute instance ID$/i.test(key)) cursor.computeInstanceId = parseCell(value);
  else if (key === "Process ID" && /^\d+$/.test(value)) {
    const { gpuInstanceId, computeInstanceId } = cursor;
    cursor.processes.push({
      gpuInstanceId,
      computeInstanceId,
      pid: Number(value),
      name: "?",
      memoryMiB: null,
    });
  } else if (key === "Name" && process) process.name = value;
  else if (key === "Used GPU Memory" && process) process.memoryMiB = parseCell(value);
}
