import { handle } from "@/app/api/handle";

export const GET = handle("listEvents", ({ ctx, app, params }) =>
  app.runs.listEvents({ ctx, input: params }),
);
