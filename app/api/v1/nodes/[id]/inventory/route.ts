import { handle } from "@/app/api/handle";

export const POST = handle("refreshInventory", ({ ctx, app, params }) =>
  app.nodes.refreshInventory({ ctx, ports: app.nodePorts, input: params }),
);
