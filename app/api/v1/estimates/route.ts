import { handle } from "@/app/api/handle";

export const POST = handle("estimateRun", ({ ctx, app, body }) =>
  app.estimates.estimateRun({ ctx, input: body }),
);
