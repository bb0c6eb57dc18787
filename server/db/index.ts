export type * as models from "./generated/client";
export { Prisma, type PrismaClient } from "./generated/client";
export { type Database, openDatabase } from "./open-database";
export { pendingMigrations } from "./pending-migrations";
export { inTransaction } from "./transaction";
