import { handle } from "@/app/api/handle";

export const GET = handle("getPreparation", ({ ctx, app, params }) =>
  app.preparations.getPreparation({ ctx, input: params }),
);

export const POST = handle("prepareNode", ({ ctx, app, params, body }) =>
  app.preparations.prepareNode({ ctx, link: app.link, input: { ...body, ...params } }),
);

export const DELETE = handle("uninstallPreparation", ({ ctx, app, params }) =>
  app.preparations.uninstallPreparation({ ctx, input: params }),
);
