import type { SecretCredential } from "../ssh";
import { cannotOpen, openSecret, sealSecret } from "./envelope";
import type { KeyRing } from "./key-ring";

type Field = "password" | "privateKey" | "passphrase";
const FIELDS: readonly Field[] = ["password", "privateKey", "passphrase"];

/** Every field sealed on its own: one byte of field number, four of length, then its envelope. */
export function sealCredential(ring: KeyRing, nodeId: string, credential: SecretCredential): Buffer {
  const secrets: [Field, Buffer | null][] =
    credential.method === "password"
      ? [["password", credential.password]]
      : [
          ["privateKey", credential.privateKey],
          ["passphrase", credential.passphrase],
        ];
  const parts = secrets.flatMap(([field, plaintext]) => {
    if (plaintext === null) return [];
    const envelope = sealSecret(ring, { nodeId, field }, plaintext);
    const header = Buffer.alloc(5);
    header.writeUInt8(FIELDS.indexOf(field), 0);
    header.writeUInt32BE(envelope.length, 1);
    return [header, envelope];
  });
  return Buffer.concat(parts);
}

/** The caller wipes what it gets. @throws AppError PRECONDITION when anything about it is not as it was stored */
export function openCredential(
  ring: KeyRing,
  place: { nodeId: string; keyId: string },
  stored: Buffer,
): SecretCredential {
  const opened = new Map<Field, Buffer>();
  try {
    for (const [field, envelope] of splitFields(stored)) {
      opened.set(field, openSecret(ring, { ...place, field }, envelope));
    }
  } catch (error) {
    for (const secret of opened.values()) secret.fill(0);
    throw error;
  }
  const password = opened.get("password");
  const privateKey = opened.get("privateKey");
  if (password !== undefined && opened.size === 1) return { method: "password", password };
  if (privateKey !== undefined && password === undefined) {
    return { method: "private_key", privateKey, passphrase: opened.get("passphrase") ?? null };
  }
  throw cannotOpen(new Error("fields of no known method"));
}

function* splitFields(stored: Buffer): Generator<[Field, Buffer]> {
  let at = 0;
  while (at < stored.length) {
    const field = FIELDS[stored[at] ?? FIELDS.length];
    const length = at + 5 <= stored.length ? stored.readUInt32BE(at + 1) : Number.POSITIVE_INFINITY;
    if (field === undefined || at + 5 + length > stored.length) throw cannotOpen(new Error("fields are cut"));
    yield [field, stored.subarray(at + 5, at + 5 + length)];
    at += 5 + length;
  }
}
