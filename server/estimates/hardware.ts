/** A kind of GPU. `teraflops`: dense half-precision peak of its tensor cores, without sparsity. */
export interface Hardware {
  name: string;
  memoryGiB: number;
  teraflops: number;
}

interface Row extends Hardware {
  /** Of the name that nvidia-smi prints. */
  pattern: RegExp;
  /** Another make of a kind that is in the list: known by its name, but no column of its own. */
  isVariant?: true;
}

/**
 * Peaks of NVIDIA's data sheets; sheets that print them with sparsity (H100, H200, L4, L40S, RTX A6000) are halved.
 * - H100, H200: nvidia-tensor-core-gpu-datasheet (SXM 1,979, PCIe 1,513, NVL 1,671 with sparsity).
 * - A100: nvidia-a100-datasheet-us-nvidia-1758950-r4. A40, A10, T4, L4, L40, L40S: each one's own.
 * - V100: volta-v100-datasheet-update-us-1165301-r5 (SXM2 125, PCIe 112).
 * - RTX 3090 and 4090: with FP32 accumulation, as training has it; their sheets print twice that, with FP16 accumulation.
 * - A10G has no sheet: public tables say 70 or 125, the lower is taken. A30: 165, without its sheet at hand.
 */
const ROWS: readonly Row[] = [
  { name: "H200", memoryGiB: 140, teraflops: 989, pattern: /H200/ },
  { name: "H100 NVL", memoryGiB: 94, teraflops: 835, pattern: /H100 NVL/, isVariant: true },
  { name: "H100 PCIe", memoryGiB: 80, teraflops: 756, pattern: /H100 PCIe/i, isVariant: true },
  { name: "H100 80G", memoryGiB: 80, teraflops: 989, pattern: /H100/ },
  { name: "A100 40G", memoryGiB: 40, teraflops: 312, pattern: /A100.*40\s*GB/i },
  { name: "A100 80G", memoryGiB: 80, teraflops: 312, pattern: /A100/ },
  { name: "L40S", memoryGiB: 45, teraflops: 362, pattern: /L40S/ },
  { name: "L40", memoryGiB: 45, teraflops: 181, pattern: /\bL40\b/ },
  { name: "A40 48G", memoryGiB: 45, teraflops: 150, pattern: /\bA40\b/ },
  { name: "A6000 48G", memoryGiB: 48, teraflops: 155, pattern: /A6000/ },
  { name: "A30 24G", memoryGiB: 24, teraflops: 165, pattern: /A30\b/ },
  { name: "A10G", memoryGiB: 22, teraflops: 70, pattern: /A10G\b/, isVariant: true },
  { name: "A10 24G", memoryGiB: 24, teraflops: 125, pattern: /A10\b/ },
  { name: "L4 24G", memoryGiB: 22, teraflops: 121, pattern: /\bL4\b/ },
  { name: "RTX 4090", memoryGiB: 24, teraflops: 165, pattern: /4090/ },
  { name: "RTX 3090", memoryGiB: 24, teraflops: 71, pattern: /3090/ },
  { name: "V100 PCIe 32G", memoryGiB: 32, teraflops: 112, pattern: /V100-PCIE/i, isVariant: true },
  { name: "V100 32G", memoryGiB: 32, teraflops: 125, pattern: /V100/ },
  { name: "T4 16G", memoryGiB: 15, teraflops: 65, pattern: /\bT4\b/ },
];

/** The kinds that are compared with each other. */
export const HARDWARE: readonly Hardware[] = ROWS.filter(({ isVariant }) => !isVariant).map(
  ({ name, memoryGiB, teraflops }) => ({ name, memoryGiB, teraflops }),
);

/** By the name that nvidia-smi prints. null: a kind whose speed is not known here, such as a part of a GPU (MIG). */
export function findHardware(gpuName: string): Hardware | null {
  if (/ MIG /.test(gpuName)) return null;
  return ROWS.find(({ pattern }) => pattern.test(gpuName)) ?? null;
}
