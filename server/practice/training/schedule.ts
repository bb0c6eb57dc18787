export const SCHEDULES = [
  "linear",
  "cosine",
  "cosine_with_restarts",
  "polynomial",
  "constant",
  "constant_with_warmup",
] as const;
export type Schedule = (typeof SCHEDULES)[number];

export interface ScheduleOptions {
  schedule: Schedule;
  warmupSteps: number;
  totalSteps: number;
}

/** Factor of the learning rate after `step` updates, as transformers.get_scheduler gives it. */
export function scheduleFactor(step: number, options: ScheduleOptions, learningRate: number): number {
  const { schedule, warmupSteps, totalSteps } = options;
  if (schedule === "constant") return 1;
  if (step < warmupSteps) return step / Math.max(1, warmupSteps);
  const progress = (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
  switch (schedule) {
    case "constant_with_warmup":
      return 1;
    case "linear":
      return Math.max(0, 1 - progress);
    case "cosine":
      return Math.max(0, 0.5 * (1 + Math.cos(Math.PI * progress)));
    case "cosine_with_restarts":
      return progress >= 1 ? 0 : Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (progress % 1))));
    case "polynomial": {
      const floor = 1e-7 / learningRate;
      return progress >= 1 ? floor : (1 - floor) * (1 - progress) + floor;
    }
  }
}
