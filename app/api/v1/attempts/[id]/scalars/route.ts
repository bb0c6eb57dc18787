import { handle } from "@/app/api/handle";

export const GET = handle("readScalars", ({ ctx, app, params, query }) =>
  app.scalars.readScalars({ ctx, input: { attemptId: params.id, ...query } }),
);
