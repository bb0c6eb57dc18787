import { handle } from "@/app/api/handle";

export const GET = handle("searchLog", ({ ctx, app, params, query }) =>
  app.logs.searchLog({ ctx, input: { attemptId: params.id, ...query } }),
);
