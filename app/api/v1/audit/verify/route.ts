import { handle } from "@/app/api/handle";

export const GET = handle("verifyAudit", ({ ctx, app, query: { id, hash } }) => {
  const known = id === undefined || hash === undefined ? undefined : { id, hash };
  return app.audit.verifyAudit({ ctx, input: { known } });
});
