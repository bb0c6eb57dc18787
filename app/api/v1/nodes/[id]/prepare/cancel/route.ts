import { handle } from "@/app/api/handle";

export const POST = handle("cancelPreparation", ({ ctx, app, params }) =>
  app.preparations.cancelPreparation({ ctx, input: params }),
);
