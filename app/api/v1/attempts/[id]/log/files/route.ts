import { handle } from "@/app/api/handle";

export const GET = handle("listLogFiles", async ({ ctx, app, params }) => ({
  items: await app.logs.listLogFiles({ ctx, input: { attemptId: params.id } }),
}));
