export const SECTIONS = [
  "Data",
  "Model",
  "Batch",
  "Optimizer",
  "Memory",
  "LoRA",
  "Generation",
  "Output",
] as const;

/** What the sources do not say about a flag: where it stands in the form, and what it means to a researcher. */
export interface FieldText {
  group: "basic" | "advanced" | "managed";
  section: (typeof SECTIONS)[number];
  label: string;
  help: string;
  min?: number;
  max?: number;
  unit?: string;
}
