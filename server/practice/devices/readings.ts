import { usedMiB } from "./device-use";
import { POWER_LIMIT_W, type PracticeDevice } from "./devices";
import type { ProcessState } from "./process-state";

/** One device at one moment, as its processes make it. */
export interface DeviceReading {
  device: PracticeDevice;
  utilizationPercent: number;
  memoryUsedMiB: number;
  memoryUtilizationPercent: number;
  temperatureC: number;
  powerW: number;
  fanPercent: number;
  clockSmMHz: number;
  clockMemoryMHz: number;
  performanceState: "P0" | "P8";
  processes: ProcessState[];
}

const IDLE = { temperatureC: 34, powerW: 21, fanPercent: 0, clockSmMHz: 300, clockMemoryMHz: 405 };
const FULL = {
  temperatureC: 71,
  powerW: 0.92 * POWER_LIMIT_W,
  fanPercent: 62,
  clockSmMHz: 1980,
  clockMemoryMHz: 7001,
};

/** Memory and utilisation are what the processes hold and compute; heat, power and clocks follow the utilisation. */
export function readDevice(device: PracticeDevice, states: readonly ProcessState[]): DeviceReading {
  const processes = states.filter((state) => state.devices.includes(device.index));
  const sum = processes.reduce((total, state) => total + state.utilizationPercent, 0);
  const utilizationPercent = Math.min(100, sum);
  const share = utilizationPercent / 100;
  const between = (idle: number, full: number) => idle + (full - idle) * share;
  const isAwake = processes.length > 0;
  return {
    device,
    utilizationPercent,
    memoryUsedMiB: Math.round(usedMiB(processes, device.index)),
    memoryUtilizationPercent: Math.round(utilizationPercent * 0.4),
    temperatureC: Math.round(between(IDLE.temperatureC, FULL.temperatureC)),
    powerW: between(IDLE.powerW, FULL.powerW),
    fanPercent: Math.round(between(IDLE.fanPercent, FULL.fanPercent)),
    clockSmMHz: isAwake ? FULL.clockSmMHz : IDLE.clockSmMHz,
    clockMemoryMHz: isAwake ? FULL.clockMemoryMHz : IDLE.clockMemoryMHz,
    performanceState: isAwake ? "P0" : "P8",
    processes,
  };
}
