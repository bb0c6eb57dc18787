import { AppError } from "../errors";
import type { NodeRecord } from "./nodes";
import { connectNode, type LiveConnection, wipeCredential } from "./ssh";
import type { WorkerParts } from "./worker-parts";

/** Many nodes that do not answer hold their slots for 15 s each. */
const LOGIN_SLOT_TIMEOUT_MS = 600_000;

/**
 * Connects to a node with what is stored for it; the credential is in memory only meanwhile.
 * @throws AppError PRECONDITION (none stored, or it cannot be decrypted), HOST_KEY_UNKNOWN, and all of connectNode
 */
export async function openNode(parts: WorkerParts, node: NodeRecord): Promise<LiveConnection> {
  const { hostKey } = node;
  if (hostKey === null) {
    throw new AppError("HOST_KEY_UNKNOWN", `Nobody has confirmed the host key of ${node.name}.`, {
      hint: "Edit the node and confirm its key.",
    });
  }
  const release = await parts.loginSlots.acquire(LOGIN_SLOT_TIMEOUT_MS);
  try {
    const credential = await parts.vault.read(node.id);
    if (credential === null) {
      throw new AppError("PRECONDITION", `No credential is stored for ${node.name}.`, {
        hint: "Edit the node and enter its password or key.",
      });
    }
    try {
      return await connectNode({ ...node, nodeId: node.id, hostKey, credential });
    } finally {
      wipeCredential(credential);
    }
  } finally {
    release();
  }
}
