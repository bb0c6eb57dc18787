import { handle } from "@/app/api/handle";

export const GET = handle("getReadiness", ({ ctx, app, params }) =>
  app.nodes.getReadiness({ ctx, input: params }),
);

export const POST = handle("checkReadiness", ({ ctx, app, params }) =>
  app.nodes.checkReadiness({ ctx, ports: app.nodePorts, input: params }),
);
