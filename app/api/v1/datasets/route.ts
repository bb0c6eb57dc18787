import { handle } from "@/app/api/handle";
import { streamOf } from "@/app/api/parse-request";

export const GET = handle("listDataSets", ({ ctx, app, query }) =>
  app.datasets.listDataSets({ ctx, input: query }),
);

export const POST = handle("createDataSet", ({ ctx, app, query, request }) =>
  app.datasets.createDataSet({ ctx, input: { ...query, bytes: streamOf(request) } }),
);
