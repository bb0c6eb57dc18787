-- CreateTable
CREATE TABLE "data_set" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "data_set_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "data_set_version" (
    "id" UUID NOT NULL,
    "data_set_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "content_hash" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "file_bytes" BIGINT NOT NULL,
    "has_pairs" BOOLEAN NOT NULL,
    "train_count" INTEGER NOT NULL,
    "eval_count" INTEGER NOT NULL,
    "eval_percent" DOUBLE PRECISION NOT NULL,
    "seed" BIGINT NOT NULL,
    "columns" JSONB NOT NULL,
    "report" JSONB NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "data_set_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "data_set_chunk" (
    "version_id" UUID NOT NULL,
    "part" TEXT NOT NULL,
    "index" INTEGER NOT NULL,
    "first_row" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "data_set_chunk_pkey" PRIMARY KEY ("version_id","part","index")
);

-- CreateIndex
CREATE UNIQUE INDEX "data_set_name_key" ON "data_set"("name");

-- CreateIndex
CREATE UNIQUE INDEX "data_set_version_data_set_id_number_key" ON "data_set_version"("data_set_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "data_set_version_data_set_id_content_hash_key" ON "data_set_version"("data_set_id", "content_hash");

-- AddForeignKey
ALTER TABLE "data_set_version" ADD CONSTRAINT "data_set_version_data_set_id_fkey" FOREIGN KEY ("data_set_id") REFERENCES "data_set"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "data_set_chunk" ADD CONSTRAINT "data_set_chunk_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "data_set_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;
