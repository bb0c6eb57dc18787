import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findCapture } from "../../testing/captures";
import { parseInventory } from "./parse-inventory";

const FULL = `banner of somebody
hostname=gpu-07
os=Ubuntu 22.04.5 LTS
kernel=5.15.0-171-generic
architecture=x86_64
homeDirectory=/home/ada
loginShell=/usr/bin/fish
cpuModel=AMD EPYC 7313 16-Core Processor
cpuCount=32
memoryTotalKiB=263852000
hasSetsid=1
diskKiB=1920802816 1440602112
gpuList=GPU 0: NVIDIA A30 (UUID: GPU-aaaa)
gpuList=GPU 1: NVIDIA A30 (UUID: GPU-bbbb)
gpu=0, GPU-aaaa, 24576, 535.183.01, NVIDIA A30
gpu=1, GPU-bbbb, [N/A], 535.183.01, NVIDIA A30
cudaVersion=12.2
python=3.10.12
torch=2.1.2+cu121
deepspeed=0.12.6
examplesDirectory=/home/ada/DeepSpeedExamples
examplesCommit=8f8099a813f3b223d5df39e0c15c748de4eb1669
end=1
`;

describe("parseInventory", () => {
  it("reads a whole answer", () => {
    expect(parseInventory(FULL, 1.234)).toEqual({
      hostname: "gpu-07",
      os: "Ubuntu 22.04.5 LTS",
      kernel: "5.15.0-171-generic",
      architecture: "x86_64",
      loginShell: "/usr/bin/fish",
      homeDirectory: "/home/ada",
      cpuModel: "AMD EPYC 7313 16-Core Processor",
      cpuCount: 32,
      memoryTotalMiB: 257668,
      diskTotalGiB: 1831.8,
      diskFreeGiB: 1373.9,
      driverVersion: "535.183.01",
      cudaVersion: "12.2",
      gpus: [
        { uuid: "GPU-aaaa", index: 0, name: "NVIDIA A30", memoryTotalMiB: 24576, ...NO_MIG },
        { uuid: "GPU-bbbb", index: 1, name: "NVIDIA A30", memoryTotalMiB: null, ...NO_MIG },
      ],
      python: "3.10.12",
      torch: "2.1.2+cu121",
      deepspeed: "0.12.6",
      transformers: null,
      examplesDirectory: "/home/ada/DeepSpeedExamples",
      examplesCommit: "8f8099a813f3b223d5df39e0c15c748de4eb1669",
      hasSetsid: true,
      commandLatencyMs: 1.2,
    });
  });

  it("loses only the line that is missing or makes no sense", () => {
    const whole = parseInventory(FULL, null);
    for (const line of FULL.trim().split("\n").slice(1)) {
      const without = parseInventory(FULL.replace(`${line}\n`, ""), null);
      const changed = Object.keys(whole).filter(
        (key) =>
          JSON.stringify(whole[key as keyof typeof whole]) !==
          JSON.stringify(without[key as keyof typeof whole]),
      );
      expect(changed.length).toBeLessThanOrEqual(line.startsWith("diskKiB") ? 2 : 1);
    }
  });

  it("says nothing about nothing", () => {
    const empty = parseInventory("", null);
    const { gpus, ...fields } = empty;
    expect(gpus).toEqual([]);
    expect(Object.values(fields).every((value) => value === null)).toBe(true);
  });

  it("takes a comma in a device's name, CRLF, and values that are not numbers", () => {
    const parsed = parseInventory(
      "cpuCount=many\r\nhomeDirectory=C:\\\r\ngpu=0, GPU-aa, 100, 1.0, Strange, Device\r\nhasSetsid=?\r\ngpu=Unable to determine the device handle\r\n",
      null,
    );
    expect(parsed.gpus[0]?.name).toBe("Strange, Device");
    expect(parsed.gpus.length).toBe(1);
    expect([parsed.cpuCount, parsed.homeDirectory, parsed.hasSetsid]).toEqual([null, null, null]);
  });
});

const NO_MIG = { parentUuid: null, migProfile: null, migIndex: null };

const CAPTURES = [
  ["linux-x86_64__nvidia-geforce-rtx-4080-super__595.71.05.txt", ["NVIDIA GeForce RTX 4080 SUPER"]],
  ["linux-x86_64__nvidia-h100-80gb-hbm3__590.48.01.txt", ["NVIDIA H100 80GB HBM3"]],
  ["linux-x86_64__nvidia-l40s__595.80.txt", ["NVIDIA L40S"]],
  [
    "linux-x86_64__nvidia-h200-mig__590.48.01.txt",
    ["NVIDIA H200"].concat(
      ["1c.3g.71gb", "2c.3g.71gb", "2g.35gb", "1g.18gb", "1g.18gb"].map((p) => `NVIDIA H200 MIG ${p}`),
    ),
  ],
] as const;

describe.skipIf(findCapture("nvidia-smi") === null)("real nvidia-smi -L", () => {
  it.each(CAPTURES)("of %s", (file, names) => {
    const capture = readFileSync(findCapture(`nvidia-smi/${file}`) ?? "", "utf8");
    const list = capture.split("# $ nvidia-smi -L\n")[1]?.split("\n####")[0] ?? "";
    const parsed = parseInventory(list.replace(/^/gm, "gpuList="), null);
    expect(parsed.gpus.map((gpu) => gpu.name)).toEqual(names);
    const instances = parsed.gpus.filter((gpu) => gpu.migIndex !== null);
    expect(instances.map((gpu) => gpu.migIndex)).toEqual(instances.map((_, index) => index));
    expect(instances.every((gpu) => gpu.parentUuid === parsed.gpus[0]?.uuid)).toBe(true);
  });
});
