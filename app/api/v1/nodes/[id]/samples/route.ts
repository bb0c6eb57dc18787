import { handle } from "@/app/api/handle";

export const GET = handle("getSamples", ({ ctx, app, params, query }) =>
  app.telemetry.readSamples({ ctx, input: { nodeId: params.id, ...query } }),
);
