import { handle } from "@/app/api/handle";

export const GET = handle("listNodes", ({ ctx, app, query }) => app.nodes.listNodes({ ctx, input: query }));

export const POST = handle("createNode", ({ ctx, app, body }) =>
  app.nodes.createNode({ ctx, ports: app.nodePorts, input: body }),
);
