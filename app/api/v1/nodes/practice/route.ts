import { handle } from "@/app/api/handle";

export const GET = handle("getPracticeAddress", ({ ctx, app }) =>
  app.nodes.getPracticeAddress({ ctx, ports: app.nodePorts }),
);
