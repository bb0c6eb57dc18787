-- AlterTable
ALTER TABLE "attempt" ADD COLUMN     "prunedAt" TIMESTAMPTZ(3);
