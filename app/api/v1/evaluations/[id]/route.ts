import { handle } from "@/app/api/handle";

export const GET = handle("getEvaluation", ({ ctx, app, params }) =>
  app.evaluations.getEvaluation({ ctx, input: params }),
);

export const DELETE = handle("deleteEvaluation", ({ ctx, app, params }) =>
  app.evaluations.deleteEvaluation({ ctx, input: params }),
);
