import { handle } from "@/app/api/handle";

export const GET = handle("getRun", ({ ctx, app, params }) => app.runs.getRun({ ctx, input: params }));

export const DELETE = handle("deleteRun", ({ ctx, app, params, query }) =>
  app.runs.deleteRun({ ctx, input: { ...params, ...query } }),
);
