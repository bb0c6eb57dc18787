import { readStartTicks } from "../../process-stat";
import type { DeviceUse } from "../training/stage-context";
import { MEMORY_RESERVED_MIB, MEMORY_TOTAL_MIB } from "./devices";
import { readProcessStates, removeProcessState, writeProcessState } from "./process-state";

/** Like a CUDA context and its libraries. */
const CONTEXT_MIB = 512;
/** The simulated size of one token of a micro batch, activations and gradients together. */
const TOKEN_MIB = 4;
const PUBLISH_INTERVAL_MS = 200;

/** The simulated device has no room: the batch is too large for 16 GiB, or others hold too much of it. */
export class OutOfMemoryError extends Error {}

/** This process on its simulated devices: real CPU share as utilisation, memory by the size of its micro batches. */
export class PublishedDeviceUse implements DeviceUse {
  private readonly startTicks = readStartTicks(process.pid);
  private readonly practiceDirectory: string;
  private readonly devices: number[];
  private readonly program: string;
  private tokensMiB = 0;
  private peakMiB = CONTEXT_MIB;
  private othersMiB = 0;
  private publishedAt = 0;
  private cpuMicroseconds = 0;

  constructor(options: { practiceDirectory: string; devices: number[]; program: string }) {
    this.practiceDirectory = options.practiceDirectory;
    this.devices = options.devices;
    this.program = options.program;
    this.publish(0);
  }

  holdTokens(tokens: number): void {
    const wanted = tokens * TOKEN_MIB;
    const free = MEMORY_TOTAL_MIB - MEMORY_RESERVED_MIB - this.othersMiB - CONTEXT_MIB;
    if (wanted > free) throw new OutOfMemoryError(outOfMemoryMessage(this.devices[0] ?? 0, wanted, free));
    this.tokensMiB = wanted;
    this.peakMiB = Math.max(this.peakMiB, CONTEXT_MIB + wanted);
    this.publishIfDue();
  }

  memory(): { allocatedMiB: number; peakMiB: number } {
    return { allocatedMiB: CONTEXT_MIB + this.tokensMiB, peakMiB: this.peakMiB };
  }

  /** Takes the process off its devices. A process that was killed is taken off by whoever looks next. */
  release(): void {
    removeProcessState(this.practiceDirectory, process.pid);
  }

  private publishIfDue(): void {
    const now = Date.now();
    const elapsedMs = now - this.publishedAt;
    if (elapsedMs < PUBLISH_INTERVAL_MS) return;
    const { user, system } = process.cpuUsage();
    const busyMs = (user + system - this.cpuMicroseconds) / 1000;
    this.cpuMicroseconds = user + system;
    this.publish(Math.max(0, Math.min(100, Math.round((100 * busyMs) / elapsedMs))));
  }

  private publish(utilizationPercent: number): void {
    const now = Date.now();
    this.publishedAt = now;
    const others = readProcessStates(this.practiceDirectory, now).filter(
      (state) => state.pid !== process.pid,
    );
    this.othersMiB = Math.max(0, ...this.devices.map((device) => usedMiB(others, device)));
    writeProcessState(this.practiceDirectory, {
      pid: process.pid,
      startTicks: this.startTicks,
      program: this.program,
      devices: this.devices,
      memoryMiB: CONTEXT_MIB + this.tokensMiB,
      utilizationPercent,
      updatedAt: now,
    });
  }
}

export function usedMiB(states: readonly { devices: number[]; memoryMiB: number }[], device: number): number {
  return states
    .filter((state) => state.devices.includes(device))
    .reduce((sum, state) => sum + state.memoryMiB, 0);
}

function outOfMemoryMessage(device: number, wantedMiB: number, freeMiB: number): string {
  const gibibytes = (mebibytes: number) => `${(Math.max(0, mebibytes) / 1024).toFixed(2)} GiB`;
  return (
    `CUDA out of memory. Tried to allocate ${gibibytes(wantedMiB)}. GPU ${device} has a total capacity of ` +
    `${gibibytes(MEMORY_TOTAL_MIB)} of which ${gibibytes(freeMiB)} is free. This GPU is simulated: ` +
    `a token of a micro batch takes ${TOKEN_MIB} MiB, so a smaller batch needs less.`
  );
}
