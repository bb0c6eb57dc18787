import { handle } from "@/app/api/handle";

export const GET = handle("getHealth", async ({ app }) => {
  const isDatabaseAvailable = await app.checkDatabase();
  const { isWorkerConnected } = app.state();
  return {
    status: isDatabaseAvailable && isWorkerConnected ? "ok" : "degraded",
    version: app.version,
    isDatabaseAvailable,
    isWorkerConnected,
    uptimeSeconds: Math.round((Date.now() - app.startedAt.getTime()) / 1000),
  };
});
