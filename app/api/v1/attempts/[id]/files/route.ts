import { handle } from "@/app/api/handle";

export const GET = handle("listFiles", ({ app, params, query }) =>
  app.link.request("files.list", { attemptId: params.id, ...query }),
);
