import { TELEMETRY_FIELDS } from "../contracts/telemetry";
import { fieldOfProperty } from "./gpu-fields";

/** One row of --query-gpu. `values` is in the order of TELEMETRY_FIELDS. */
export interface GpuReading {
  index: number | null;
  uuid: string | null;
  name: string | null;
  /** GPUs in the machine, as the row tells it. */
  count: number | null;
  values: (number | null)[];
}

const UNITS = /\s*(?:%|MiB|W|MHz|C|us|ms)$/;
const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const HEX = /^0x[0-9a-f]{1,16}$/i;
const UUID = /^(?:GPU|MIG)-[0-9A-Za-z/-]+$/;

/**
 * One cell of nvidia-smi's CSV, with or without its unit. Everything that is not a number is null:
 * `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[GPU requires reset]`, `ERR!`, and what comes next.
 * `P8` is 8, a hexadecimal mask its value.
 */
export function parseCell(cell: string): number | null {
  const text = cell.trim().replace(UNITS, "");
  if (DECIMAL.test(text)) return Number(text);
  if (HEX.test(text)) return Number(BigInt(text));
  const state = /^P(\d{1,2})$/.exec(text);
  return state ? Number(state[1]) : null;
}

/** Cuts a row into as many cells as were asked for; spare commas belong to the process's or the GPU's name. */
export function splitRow(line: string, properties: readonly string[]): string[] {
  const separator = line.includes(", ") ? ", " : ",";
  const cells = line.replace(/\r$/, "").split(separator);
  const spare = cells.length - properties.length;
  const nameAt = ["process_name", "name", "gpu_name"]
    .map((name) => properties.indexOf(name))
    .find((at) => at !== -1);
  if (spare <= 0 || nameAt === undefined) return cells;
  const end = nameAt + spare + 1;
  return [...cells.slice(0, nameAt), cells.slice(nameAt, end).join(separator), ...cells.slice(end)];
}

/**
 * One line of `nvidia-smi --query-gpu=<properties> --format=csv,noheader[,nounits]`.
 * A bad cell is null on its own. null: the line is no row (an error message, a header, noise).
 */
export function parseGpuRow(line: string, properties: readonly string[]): GpuReading | null {
  const cells = splitRow(line, properties);
  if (cells.length < 2) return null;
  const cellOf = (property: string) => cells[properties.indexOf(property)]?.trim() ?? "";
  const index = /^\d{1,4}$/.test(cellOf("index")) ? Number(cellOf("index")) : null;
  const uuidCell = cellOf("uuid") || cellOf("gpu_uuid");
  const uuid = UUID.test(uuidCell) ? uuidCell : null;
  if (index === null && uuid === null) return null;
  const name = cellOf("name") || cellOf("gpu_name");
  const values = new Array<number | null>(TELEMETRY_FIELDS.length).fill(null);
  properties.forEach((property, column) => {
    const field = fieldOfProperty(property);
    const cell = cells[column];
    if (field !== null && cell !== undefined) values[TELEMETRY_FIELDS.indexOf(field)] = parseCell(cell);
  });
  return {
    index,
    uuid,
    name: name === "" || /^\[.*\]$/.test(name) || name === "ERR!" ? null : name,
    count: parseCell(cellOf("count")),
    values,
  };
}

/** All rows of a reading; lines that are none are left out and cost nothing else. */
export function parseGpuRows(text: string, properties: readonly string[]): GpuReading[] {
  return text.split("\n").flatMap((line) => parseGpuRow(line, properties) ?? []);
}

/** The property of `Field "x" is not a valid field to query.`, else null. */
export function parseUnknownProperty(line: string): string | null {
  return /^Field "([^"]+)" is not a valid field to query/.exec(line)?.[1] ?? null;
}
