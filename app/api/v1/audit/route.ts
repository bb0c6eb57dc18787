import { handle } from "@/app/api/handle";

export const GET = handle("listAudit", ({ ctx, app, query }) => app.audit.listAudit({ ctx, input: query }));
