-- CreateTable
CREATE TABLE "node_readiness" (
    "nodeId" UUID NOT NULL,
    "facts" JSONB NOT NULL,
    "checkedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "node_readiness_pkey" PRIMARY KEY ("nodeId")
);

-- AddForeignKey
ALTER TABLE "node_readiness" ADD CONSTRAINT "node_readiness_nodeId_fkey" FOREIGN KEY ("nodeId") REFERENCES "node"("id") ON DELETE CASCADE ON UPDATE CASCADE;
