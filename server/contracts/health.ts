import { z } from "zod";

export const HealthView = z.object({
  status: z.enum(["ok", "degraded"]),
  version: z.string(),
  isDatabaseAvailable: z.boolean(),
  isWorkerConnected: z.boolean(),
  uptimeSeconds: z.number(),
});
export type HealthView = z.infer<typeof HealthView>;
