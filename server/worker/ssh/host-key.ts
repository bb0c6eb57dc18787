import { createHash, timingSafeEqual } from "node:crypto";
import type { HostKey } from "../../contracts/nodes";

/** Signature algorithms that prove a key of this type. RSA only with SHA-2: "ssh-rsa" as an algorithm means SHA-1. */
const PROOFS = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
} as const;
type ServerHostKeyAlgorithm = (typeof PROOFS)[keyof typeof PROOFS][number];

export const ACCEPTED_HOST_KEY_ALGORITHMS: ServerHostKeyAlgorithm[] = Object.values(PROOFS).flat();

/** null: a type that we do not accept. */
export function hostKeyProofs(keyType: string): ServerHostKeyAlgorithm[] | null {
  return keyType in PROOFS ? [...PROOFS[keyType as keyof typeof PROOFS]] : null;
}

/** A key as it came over the wire (RFC 4253, 6.6: string type, then the type's own fields). */
export function describeHostKey(blob: Buffer): HostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  return {
    algorithm: blob.subarray(4, 4 + length).toString("latin1"),
    fingerprint: `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`,
    blob: blob.toString("base64"),
  };
}

export function isSameHostKey(blob: Buffer, pinned: HostKey): boolean {
  const expected = Buffer.from(pinned.blob, "base64");
  return blob.length === expected.length && timingSafeEqual(blob, expected);
}
