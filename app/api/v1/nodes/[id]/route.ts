import { handle } from "@/app/api/handle";

export const GET = handle("getNode", ({ ctx, app, params }) => app.nodes.getNode({ ctx, input: params }));

export const PATCH = handle("updateNode", ({ ctx, app, params, body }) =>
  app.nodes.updateNode({ ctx, ports: app.nodePorts, input: { ...body, ...params } }),
);

export const DELETE = handle("deleteNode", ({ ctx, app, params }) =>
  app.nodes.deleteNode({ ctx, ports: app.nodePorts, input: params }),
);
