import { CUDA_VERSION, DEVICE_NAME, DRIVER_VERSION, listDevices } from "../devices/devices";
import { readProcessStates } from "../devices/process-state";
import { deviceColumn, GPU_FIELDS, processColumn } from "../devices/query-fields";
import { type DeviceReading, readDevice } from "../devices/readings";
import { renderDetails } from "../devices/smi-details";
import { renderTable } from "../devices/smi-table";
import { writeFully } from "../output/log";
import { parseSmiOptions, type SmiOptions, SmiUsageError } from "./smi-options";

/** argv: the practice directory, then nvidia-smi's own arguments. */
const [practiceDirectory = "", ...argv] = process.argv.slice(2);

main();

function main(): void {
  let options: SmiOptions;
  let print: (isFirst: boolean) => string;
  try {
    options = parseSmiOptions(argv);
    print = createPrinter(options);
  } catch (error) {
    if (!(error instanceof SmiUsageError)) throw error;
    process.stdout.write(`${error.message}\n`);
    process.exitCode = error.status;
    return;
  }
  repeat(print, options.intervalMs);
}

/** A reader that went away ends us, as SIGPIPE ends the real one. */
function repeat(print: (isFirst: boolean) => string, intervalMs: number | null): void {
  let isFirst = true;
  const tick = () => {
    try {
      writeFully(1, print(isFirst));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
      process.exit(0);
    }
    isFirst = false;
  };
  tick();
  if (intervalMs !== null) setInterval(tick, intervalMs);
}

function createPrinter(options: SmiOptions): (isFirst: boolean) => string {
  const devices = listDevices(practiceDirectory);
  const selected = devices.filter((device) =>
    options.ids === null
      ? true
      : options.ids.some((id) => id === String(device.index) || id === device.uuid || id === device.busId),
  );
  if (selected.length === 0) throw new SmiUsageError("No devices were found", 6);
  const read = () => {
    const states = readProcessStates(practiceDirectory, Date.now());
    return selected.map((device) => readDevice(device, states));
  };
  switch (options.mode.kind) {
    case "table":
      return () => renderTable(read(), new Date());
    case "details":
      return () => renderDetails(read(), new Date());
    case "list":
      return () =>
        selected.map(({ index, uuid }) => `GPU ${index}: ${DEVICE_NAME} (UUID: ${uuid})\n`).join("");
    case "version":
      return () =>
        `NVIDIA-SMI version  : ${DRIVER_VERSION}\nNVML version        : ${DRIVER_VERSION}\n` +
        `DRIVER version      : ${DRIVER_VERSION}\nCUDA Version        : ${CUDA_VERSION}\n`;
    case "help-query-gpu":
      return () =>
        `List of valid properties to query for the switch "--query-gpu":\n\n${GPU_FIELDS.map((field) => `"${field}"\n`).join("\n")}`;
    case "query-gpu":
      return csvPrinter(columnsOf(options.mode.fields, deviceColumn), options, read);
    case "query-compute-apps":
      return csvPrinter(columnsOf(options.mode.fields, processColumn), options, () =>
        read().flatMap((reading: DeviceReading) => reading.processes.map((state) => ({ reading, state }))),
      );
  }
}

function columnsOf<T>(fields: readonly string[], find: (field: string) => T | null): T[] {
  return fields.map((field) => {
    const column = find(field);
    if (column === null) throw new SmiUsageError(`Field "${field}" is not a valid field to query.\n`, 2);
    return column;
  });
}

function csvPrinter<T>(
  columns: readonly { header: string; read(source: T, now: Date, hasUnits: boolean): string }[],
  options: SmiOptions,
  rows: () => readonly T[],
): (isFirst: boolean) => string {
  const header = `${columns.map((column) => column.header).join(", ")}\n`;
  return (isFirst) => {
    const now = new Date();
    const lines = rows().map(
      (row) => `${columns.map((column) => column.read(row, now, options.hasUnits)).join(", ")}\n`,
    );
    return (isFirst && options.hasHeader ? header : "") + lines.join("");
  };
}
