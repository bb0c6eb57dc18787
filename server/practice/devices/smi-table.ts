import { CUDA_VERSION, DEVICE_NAME, DRIVER_VERSION, MEMORY_TOTAL_MIB, POWER_LIMIT_W } from "./devices";
import type { DeviceReading } from "./readings";

const COLUMNS = "+-----------------------------------------+------------------------+----------------------+";
const RULE = "+-----------------------------------------------------------------------------------------+";
const THICK = "|=========================================+========================+======================|";
const FULL_THICK =
  "|=========================================================================================|";
const NAME_WIDTH = 27;
const PROCESS_WIDTH = 38;

/** What `nvidia-smi` prints without arguments, in the layout of driver 590. */
export function renderTable(readings: readonly DeviceReading[], now: Date): string {
  const version =
    `NVIDIA-SMI ${DRIVER_VERSION.padEnd(23)}Driver Version: ${DRIVER_VERSION.padEnd(15)}CUDA Version: ${CUDA_VERSION}`.padEnd(
      88,
    );
  const lines = [
    `${dateLine(now)}       `,
    RULE,
    `| ${version}|`,
    COLUMNS,
    "| GPU  Name                 Persistence-M | Bus-Id          Disp.A | Volatile Uncorr. ECC |",
    "| Fan  Temp   Perf          Pwr:Usage/Cap |           Memory-Usage | GPU-Util  Compute M. |",
    "|                                         |                        |               MIG M. |",
    THICK,
    ...readings.flatMap(deviceLines),
    "",
    RULE,
    "| Processes:                                                                              |",
    "|  GPU   GI   CI              PID   Type   Process name                        GPU Memory |",
    "|        ID   ID                                                               Usage      |",
    FULL_THICK,
    ...processLines(readings),
    RULE,
  ];
  return `${lines.join("\n")}\n`;
}

/** Fri Jul  3 08:33:38 2026 */
export function dateLine(now: Date): string {
  const [weekday, month] = now.toDateString().split(" ");
  const clock = now.toTimeString().slice(0, 8);
  return `${weekday} ${month} ${String(now.getDate()).padStart(2)} ${clock} ${now.getFullYear()}`;
}

function deviceLines(reading: DeviceReading): string[] {
  const { device } = reading;
  const name = DEVICE_NAME.padEnd(NAME_WIDTH);
  const power = `${`${Math.round(reading.powerW)}W`.padStart(16)} / ${`${POWER_LIMIT_W}W`.padStart(5)} `;
  const memory = `${`${reading.memoryUsedMiB}MiB`.padStart(11)} / ${`${MEMORY_TOTAL_MIB}MiB`.padStart(9)} `;
  const fan = `${reading.fanPercent}%`.padStart(4);
  const state = `${`${reading.temperatureC}C`.padStart(6)}${reading.performanceState.padStart(6)}`;
  return [
    `|${String(device.index).padStart(4)}  ${name}${"On".padStart(7)} |${device.busId.padStart(19)}${"Off".padStart(4)} |${"N/A".padStart(21)} |`,
    `|${fan}${state}${power}|${memory}|${`${reading.utilizationPercent}%`.padStart(8)}${"Default".padStart(13)} |`,
    "|                                         |                        |                  N/A |",
    COLUMNS,
  ];
}

function processLines(readings: readonly DeviceReading[]): string[] {
  const lines = readings.flatMap(({ device, processes }) =>
    processes.map((state) => {
      const memory = `${Math.round(state.memoryMiB)}MiB`.padStart(8);
      const name = shorten(state.program).padEnd(PROCESS_WIDTH);
      return `|${String(device.index).padStart(5)}   N/A  N/A${String(state.pid).padStart(16)}${"C".padStart(7)}   ${name}${memory} |`;
    }),
  );
  if (lines.length > 0) return lines;
  return ["|  No running processes found                                                             |"];
}

function shorten(program: string): string {
  return program.length <= PROCESS_WIDTH ? program : `...${program.slice(3 - PROCESS_WIDTH)}`;
}
