import { handle } from "@/app/api/handle";

export const DELETE = handle("revokeToken", ({ ctx, app, params }) =>
  app.tokens.revokeToken({ ctx, input: params }),
);
