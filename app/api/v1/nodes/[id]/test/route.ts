import { handle } from "@/app/api/handle";

export const POST = handle("testNode", ({ ctx, app, params }) =>
  app.nodes.testNode({ ctx, ports: app.nodePorts, input: params }),
);
