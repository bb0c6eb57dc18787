-- AlterTable
ALTER TABLE "node_preparation" ADD COLUMN     "applied" JSONB,
ADD COLUMN     "preparedIn" TEXT,
ADD COLUMN     "workDirectory" TEXT;
