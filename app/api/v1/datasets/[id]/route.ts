import { handle } from "@/app/api/handle";

export const GET = handle("getDataSet", ({ ctx, app, params }) =>
  app.datasets.getDataSet({ ctx, input: params }),
);

export const DELETE = handle("deleteDataSet", ({ ctx, app, params }) =>
  app.datasets.deleteDataSet({ ctx, input: params }),
);
