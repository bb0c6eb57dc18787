import { createHash } from "node:crypto";
import type { Context } from "../context";
import { MAX_ARCHIVE_BYTES, type PreparationView, StoreArchiveInput } from "../contracts/preparation";
import { AppError, validationError } from "../errors";
import { getPreparation } from "./get-preparation";

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZIP = Buffer.from("PK\x03\x04", "latin1");

/** Keeps the archive for the node's next job, in place of an earlier one. @throws AppError VALIDATION, NOT_FOUND, PRECONDITION */
export async function storePreparationArchive(parts: {
  ctx: Context;
  input: StoreArchiveInput & { id: string };
}): Promise<PreparationView> {
  const { ctx } = parts;
  const nodeId = parts.input.id;
  const { name, base64 } = StoreArchiveInput.parse(parts.input);
  const { refusal } = await getPreparation({ ctx, input: { id: nodeId } });
  if (refusal !== null) throw new AppError("PRECONDITION", refusal);
  const bytes = new Uint8Array(Buffer.from(base64, "base64"));
  const problem = findProblem(name, Buffer.from(bytes.buffer));
  if (problem !== null) throw validationError([{ path: "base64", message: problem }]);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const data = { name, sha256, sizeBytes: bytes.length, bytes, createdAt: ctx.now() };
  await ctx.db.prisma.$transaction([
    ctx.db.prisma.preparationArchive.upsert({
      where: { nodeId },
      create: { nodeId, ...data },
      update: data,
      select: { nodeId: true },
    }),
    ctx.db.prisma.auditEvent.create({
      data: {
        at: ctx.now(),
        actor: ctx.actor.name,
        action: "node.prepare.archive",
        object: `node ${nodeId}`,
        detail: { name, sha256, sizeBytes: bytes.length },
      },
    }),
  ]);
  return getPreparation({ ctx, input: { id: nodeId } });
}

function findProblem(name: string, bytes: Buffer): string | null {
  if (bytes.length > MAX_ARCHIVE_BYTES) return "The archive is larger than 64 MiB.";
  const magic = /\.zip$/i.test(name) ? ZIP : GZIP;
  if (!bytes.subarray(0, magic.length).equals(magic))
    return `The content of ${name} is not what its name says.`;
  return null;
}
