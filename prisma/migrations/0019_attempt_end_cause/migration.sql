-- AlterTable
ALTER TABLE "attempt" ADD COLUMN     "endCause" TEXT;
