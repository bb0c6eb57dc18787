import type { HostKey } from "../contracts/nodes";
import { AppError } from "../errors";
import type { NodePorts } from "./ports";

/** Phase one: fetches the key without logging in, and asks a person to compare it. */
export async function requireHostKey(
  ports: NodePorts,
  address: { host: string; port: number; hostKey?: HostKey | undefined },
): Promise<HostKey> {
  if (address.hostKey !== undefined) return address.hostKey;
  const hostKey = await ports.link.request("nodes.fetchHostKey", { host: address.host, port: address.port });
  throw new AppError(
    "HOST_KEY_UNKNOWN",
    `Compare the key of ${address.host} before a password is sent to it.`,
    {
      hint: `On the node's own console: ssh-keygen -lf /etc/ssh/ssh_host_${fileKind(hostKey.algorithm)}_key.pub`,
      details: { hostKey },
    },
  );
}

function fileKind(algorithm: string): "ed25519" | "ecdsa" | "rsa" {
  if (algorithm.startsWith("ecdsa")) return "ecdsa";
  return algorithm.includes("rsa") ? "rsa" : "ed25519";
}

export function hostKeyColumns(key: HostKey) {
  return {
    hostKeyAlgorithm: key.algorithm,
    hostKeyFingerprint: key.fingerprint,
    hostKeyBlob: Uint8Array.from(Buffer.from(key.blob, "base64")),
  };
}
