import { handle } from "@/app/api/handle";

export const GET = handle("listEvaluations", ({ ctx, app, query }) =>
  app.evaluations.listEvaluations({ ctx, input: query }),
);

export const POST = handle("createEvaluation", ({ ctx, app, body }) =>
  app.evaluations.createEvaluation({ ctx, input: body }),
);
