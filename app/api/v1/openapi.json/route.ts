import { handle } from "@/app/api/handle";
import { openApiDocument } from "@/app/api/openapi";

export const GET = handle("getOpenApi", async ({ app }) =>
  openApiDocument({ version: app.version, origin: app.origin }),
);
