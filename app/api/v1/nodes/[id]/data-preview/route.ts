import { handle } from "@/app/api/handle";

export const POST = handle("previewData", ({ ctx, app, params, body }) =>
  app.datasets.previewData({ ctx, link: app.link, input: { ...params, ...body } }),
);
