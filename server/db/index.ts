export type * as models from "./generated/client";
export { Prisma, type PrismaClient } from "./generated/client";
export { type Database, openDatabase } from "./open-database";
export { pendingMigrations } from "./pending-migrations";
export { canReadCredentials, grantRights, makeRoles, type ServingProcess } from "./roles";
export { inTransaction } from "./transaction";
