import { handle } from "@/app/api/handle";

export const POST = handle("testConnection", ({ ctx, app, body }) =>
  app.nodes.testConnection({ ctx, ports: app.nodePorts, input: body }),
);
