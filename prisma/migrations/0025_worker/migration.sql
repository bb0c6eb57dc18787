-- CreateTable
CREATE TABLE "worker" (
    "owner" TEXT NOT NULL,
    "socketPath" TEXT,
    "address" TEXT,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seenAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "worker_pkey" PRIMARY KEY ("owner")
);
