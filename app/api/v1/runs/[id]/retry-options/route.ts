import { handle } from "@/app/api/handle";

export const GET = handle("listRetryOptions", ({ ctx, app, params, query }) =>
  app.estimates.listRetryOptions({ ctx, input: { ...params, ...query } }),
);
