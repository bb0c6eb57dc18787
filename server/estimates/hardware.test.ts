import { expect, it } from "vitest";
import { findHardware, HARDWARE } from "./hardware";

it.each([
  ["NVIDIA H100 80GB HBM3", "H100 80G", 989],
  ["NVIDIA H100 PCIe", "H100 PCIe", 756],
  ["NVIDIA H100 NVL", "H100 NVL", 835],
  ["NVIDIA A100-SXM4-40GB", "A100 40G", 312],
  ["NVIDIA A100 80GB PCIe", "A100 80G", 312],
  ["Tesla V100-SXM2-32GB", "V100 32G", 125],
  ["Tesla V100-PCIE-32GB", "V100 PCIe 32G", 112],
  ["NVIDIA A10G", "A10G", 70],
  ["NVIDIA A10", "A10 24G", 125],
  ["NVIDIA A30", "A30 24G", 165],
  ["NVIDIA A40", "A40 48G", 150],
  ["NVIDIA RTX A6000", "A6000 48G", 155],
  ["NVIDIA L4", "L4 24G", 121],
  ["NVIDIA L40", "L40", 181],
  ["NVIDIA L40S", "L40S", 362],
  ["NVIDIA GeForce RTX 4090", "RTX 4090", 165],
])("%s is %s with %d TFLOPS", (gpuName, name, teraflops) => {
  expect(findHardware(gpuName)).toMatchObject({ name, teraflops });
});

it.each(["NVIDIA A100-SXM4-40GB MIG 1g.5gb", "Practice GPU (simulated)", "NVIDIA GeForce GTX 1080"])(
  "%s has no speed that is known here",
  (gpuName) => expect(findHardware(gpuName)).toBeNull(),
);

it("compares kinds, not makes of one kind", () => {
  const names = HARDWARE.map(({ name }) => name);
  expect(names).toContain("H100 80G");
  expect(names).not.toContain("H100 PCIe");
});
