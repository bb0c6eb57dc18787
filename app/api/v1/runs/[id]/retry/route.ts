import { handle } from "@/app/api/handle";

export const POST = handle("retryRun", ({ ctx, app, params, body }) =>
  app.runs.retryRun({ ctx, input: { ...body, ...params } }),
);
