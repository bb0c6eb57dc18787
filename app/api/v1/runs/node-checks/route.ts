import { handle } from "@/app/api/handle";

export const POST = handle("checkRunOnNode", ({ ctx, app, body }) =>
  app.nodeChecks.checkRunOnNode({ ctx, ports: app, input: body }),
);
