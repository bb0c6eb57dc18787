import { handle } from "@/app/api/handle";

export const GET = handle("getAttempt", ({ ctx, app, params }) =>
  app.runs.getAttempt({ ctx, input: params }),
);
