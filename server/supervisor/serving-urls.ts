import { grantRights, makeRoles, type ServingProcess } from "../db";
import type { Env } from "../env";

/**
 * Where worker and web connect to the migrated database of `url`: as roles of their own on the embedded server, and on
 * somebody else's where the settings name them.
 */
export async function servingUrls(env: Env, url: string): Promise<Record<ServingProcess, string>> {
  if (env.databaseUrl === null) return makeRoles(url);
  const { webDatabaseUrl, workerDatabaseUrl } = env;
  await grantRights(url, { web: webDatabaseUrl ?? undefined, worker: workerDatabaseUrl ?? undefined });
  return { web: webDatabaseUrl ?? url, worker: workerDatabaseUrl ?? url };
}
