-- CreateTable
CREATE TABLE "node_cleanup" (
    "id" UUID NOT NULL,
    "nodeId" UUID NOT NULL,
    "workDirectory" TEXT NOT NULL,
    "runId" UUID NOT NULL,
    "attemptIds" UUID[],
    "hasDataCache" BOOLEAN NOT NULL DEFAULT false,
    "hasOutputs" BOOLEAN NOT NULL DEFAULT false,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "lastError" TEXT,
    "triedAt" TIMESTAMPTZ(3),

    CONSTRAINT "node_cleanup_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "node_cleanup_nodeId_idx" ON "node_cleanup"("nodeId");

-- AddForeignKey
ALTER TABLE "node_cleanup" ADD CONSTRAINT "node_cleanup_nodeId_fkey" FOREIGN KEY ("nodeId") REFERENCES "node"("id") ON DELETE CASCADE ON UPDATE CASCADE;
