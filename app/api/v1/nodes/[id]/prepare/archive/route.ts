import { handle } from "@/app/api/handle";

export const POST = handle("storePreparationArchive", ({ ctx, app, params, body }) =>
  app.preparations.storePreparationArchive({ ctx, input: { ...body, ...params } }),
);
