import { handle } from "@/app/api/handle";

export const GET = handle("listDataRows", ({ ctx, app, params, query }) =>
  app.datasets.listDataRows({ ctx, input: { ...params, ...query } }),
);
