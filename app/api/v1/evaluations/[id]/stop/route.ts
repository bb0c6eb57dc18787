import { handle } from "@/app/api/handle";

export const POST = handle("stopEvaluation", ({ ctx, app, params }) =>
  app.evaluations.stopEvaluation({ ctx, input: params }),
);
