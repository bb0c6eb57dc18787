import { handle } from "@/app/api/handle";

export const GET = handle("listTokens", ({ ctx, app }) => app.tokens.listTokens({ ctx }));

export const POST = handle("createToken", ({ ctx, app, body }) =>
  app.tokens.createToken({ ctx, input: body }),
);
