/** A kind of GPU. `teraflops`: dense half-precision peak of the maker's data sheet (tensor cores, no sparsity). */
export interface Hardware {
  name: string;
  memoryGiB: number;
  teraflops: number;
}

interface Row extends Hardware {
  /** Of the name that nvidia-smi prints. */
  pattern: RegExp;
}

const ROWS: readonly Row[] = [
  { name: "H200", memoryGiB: 140, teraflops: 989, pattern: /H200/ },
  { name: "H100 80G", memoryGiB: 80, teraflops: 989, pattern: /H100/ },
  { name: "A100 40G", memoryGiB: 40, teraflops: 312, pattern: /A100.*40\s*GB/i },
  { name: "A100 80G", memoryGiB: 80, teraflops: 312, pattern: /A100/ },
  { name: "L40S", memoryGiB: 45, teraflops: 362, pattern: /L40S/ },
  { name: "A6000 48G", memoryGiB: 48, teraflops: 155, pattern: /A6000/ },
  { name: "A30 24G", memoryGiB: 24, teraflops: 165, pattern: /A30\b/ },
  { name: "A10 24G", memoryGiB: 24, teraflops: 125, pattern: /A10G?\b/ },
  { name: "RTX 4090", memoryGiB: 24, teraflops: 165, pattern: /4090/ },
  { name: "RTX 3090", memoryGiB: 24, teraflops: 71, pattern: /3090/ },
  { name: "V100 32G", memoryGiB: 32, teraflops: 125, pattern: /V100/ },
  { name: "T4 16G", memoryGiB: 15, teraflops: 65, pattern: /\bT4\b/ },
];

export const HARDWARE: readonly Hardware[] = ROWS.map(({ pattern: _pattern, ...hardware }) => hardware);

/** By the name that nvidia-smi prints. null: a kind whose speed is not known here, such as a part of a GPU (MIG). */
export function findHardware(gpuName: string): Hardware | null {
  if (/ MIG /.test(gpuName)) return null;
  return ROWS.find(({ pattern }) => pattern.test(gpuName)) ?? null;
}
