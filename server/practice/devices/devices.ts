import { createHash } from "node:crypto";

/** What the practice node pretends to have. The name says that it pretends. */
export const DEVICE_NAME = "Practice GPU (simulated)";
export const DEVICE_COUNT = 2;
export const MEMORY_TOTAL_MIB = 16_384;
/** What a driver keeps for itself. */
export const MEMORY_RESERVED_MIB = 320;
export const POWER_LIMIT_W = 250;
export const DRIVER_VERSION = "590.48.01";
export const CUDA_VERSION = "13.1";

export interface PracticeDevice {
  index: number;
  uuid: string;
  busId: string;
}

/** The UUIDs belong to a practice directory: two installations never share one. */
export function listDevices(practiceDirectory: string): PracticeDevice[] {
  return Array.from({ length: DEVICE_COUNT }, (_, index) => ({
    index,
    uuid: `GPU-${uuidFrom(`${practiceDirectory}#${index}`)}`,
    busId: `00000000:${(index + 1).toString(16).toUpperCase().padStart(2, "0")}:00.0`,
  }));
}

function uuidFrom(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    "-",
  );
}

/** "0,1", a UUID of a device, or both mixed, as CUDA_VISIBLE_DEVICES allows. null: one of them is no device here. */
export function parseDeviceList(text: string, devices: readonly PracticeDevice[]): number[] | null {
  const indexes = text.split(",").map((part) => {
    const word = part.trim();
    const found = devices.find((device) => String(device.index) === word || device.uuid === word);
    return found?.index ?? null;
  });
  const known = indexes.filter((index) => index !== null);
  return known.length === indexes.length && new Set(known).size === known.length ? known : null;
}
