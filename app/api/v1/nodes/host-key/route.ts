import { handle } from "@/app/api/handle";

export const POST = handle("fetchHostKey", ({ ctx, app, body }) =>
  app.nodes.fetchHostKey({ ctx, ports: app.nodePorts, input: body }),
);
