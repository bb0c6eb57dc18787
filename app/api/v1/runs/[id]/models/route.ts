import { handle } from "@/app/api/handle";

export const GET = handle("listRunModels", ({ ctx, app, params }) =>
  app.evaluations.listRunModels({ ctx, input: params }),
);
