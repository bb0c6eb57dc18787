-- CreateTable
CREATE TABLE "node_preparation" (
    "nodeId" UUID NOT NULL,
    "jobId" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "isCancelRequested" BOOLEAN NOT NULL DEFAULT false,
    "requestedBy" TEXT NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),
    "reason" TEXT,
    "settings" JSONB NOT NULL,
    "steps" JSONB NOT NULL DEFAULT '[]',
    "logSize" BIGINT NOT NULL DEFAULT 0,
    "isLogComplete" BOOLEAN NOT NULL DEFAULT false,
    "preparedAt" TIMESTAMPTZ(3),
    "replaced" JSONB,

    CONSTRAINT "node_preparation_pkey" PRIMARY KEY ("nodeId")
);

-- CreateTable
CREATE TABLE "preparation_log" (
    "job_id" UUID NOT NULL,
    "node_id" UUID NOT NULL,
    "offset" BIGINT NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "preparation_log_pkey" PRIMARY KEY ("job_id","offset")
);

-- CreateTable
CREATE TABLE "preparation_archive" (
    "nodeId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "sizeBytes" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "preparation_archive_pkey" PRIMARY KEY ("nodeId")
);

-- CreateTable
CREATE TABLE "preparation_secret" (
    "node_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "envelope" BYTEA NOT NULL,

    CONSTRAINT "preparation_secret_pkey" PRIMARY KEY ("node_id","name")
);

-- CreateIndex
CREATE INDEX "preparation_log_node_id_idx" ON "preparation_log"("node_id");

-- AddForeignKey
ALTER TABLE "node_preparation" ADD CONSTRAINT "node_preparation_nodeId_fkey" FOREIGN KEY ("nodeId") REFERENCES "node"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "preparation_log" ADD CONSTRAINT "preparation_log_node_id_fkey" FOREIGN KEY ("node_id") REFERENCES "node"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "preparation_archive" ADD CONSTRAINT "preparation_archive_nodeId_fkey" FOREIGN KEY ("nodeId") REFERENCES "node"("id") ON DELETE CASCADE ON UPDATE CASCADE;
