-- CreateTable
CREATE TABLE "node_checkout" (
    "nodeId" UUID NOT NULL,
    "commit" TEXT,
    "contentHash" TEXT NOT NULL,
    "flags" JSONB NOT NULL,
    "readAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "node_checkout_pkey" PRIMARY KEY ("nodeId")
);

-- AddForeignKey
ALTER TABLE "node_checkout" ADD CONSTRAINT "node_checkout_nodeId_fkey" FOREIGN KEY ("nodeId") REFERENCES "node"("id") ON DELETE CASCADE ON UPDATE CASCADE;
