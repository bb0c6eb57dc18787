import { handle } from "@/app/api/handle";

export const POST = handle("stopRun", ({ ctx, app, params, body }) =>
  app.runs.stopRun({ ctx, input: { ...body, ...params } }),
);
