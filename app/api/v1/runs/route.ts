import { handle } from "@/app/api/handle";

export const GET = handle("listRuns", ({ ctx, app, query }) => app.runs.listRuns({ ctx, input: query }));

export const POST = handle("createRun", ({ ctx, app, body }) =>
  app.runs.createRun({ ctx, ports: app, input: body }),
);
