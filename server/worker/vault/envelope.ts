import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AppError } from "../../errors";
import type { KeyRing } from "./key-ring";

/**
 * One secret: version, then the data key wrapped by a key of the ring, then the secret encrypted by the data key.
 * Both with AES-256-GCM: 12 random bytes of iv, ciphertext, 16 bytes of tag. The associated data names the node, the field
 * and the ring's key, so that a ciphertext that is moved to another row or field does not open.
 */
const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const DATA_KEY_BYTES = 32;
const WRAPPED_BYTES = IV_BYTES + DATA_KEY_BYTES + TAG_BYTES;

/** Where a secret belongs; part of what is authenticated. */
export interface SecretPlace {
  nodeId: string;
  field: string;
  keyId: string;
}

/** The plaintext is not wiped here: it is the caller's. */
export function sealSecret(ring: KeyRing, place: Omit<SecretPlace, "keyId">, plaintext: Buffer): Buffer {
  const keyId = ring.primaryId;
  const dataKey = randomBytes(DATA_KEY_BYTES);
  try {
    const wrapped = encrypt(ringKey(ring, keyId), dataKey, associatedData("wrap", { ...place, keyId }));
    const sealed = encrypt(dataKey, plaintext, associatedData("data", { ...place, keyId }));
    return Buffer.concat([Buffer.from([VERSION]), wrapped, sealed]);
  } finally {
    dataKey.fill(0);
  }
}

/** @throws AppError PRECONDITION when it was changed, belongs elsewhere, or the ring does not have its key */
export function openSecret(ring: KeyRing, place: SecretPlace, envelope: Buffer): Buffer {
  if (envelope.length < 1 + WRAPPED_BYTES + IV_BYTES + TAG_BYTES || envelope[0] !== VERSION) {
    throw cannotOpen(new Error(`not an envelope of version ${VERSION}`));
  }
  const wrapped = envelope.subarray(1, 1 + WRAPPED_BYTES);
  const sealed = envelope.subarray(1 + WRAPPED_BYTES);
  let dataKey: Buffer | null = null;
  try {
    dataKey = decrypt(ringKey(ring, place.keyId), wrapped, associatedData("wrap", place));
    return decrypt(dataKey, sealed, associatedData("data", place));
  } catch (error) {
    throw cannotOpen(error);
  } finally {
    dataKey?.fill(0);
  }
}

function ringKey(ring: KeyRing, keyId: string): Buffer {
  const key = ring.find(keyId);
  if (key === null) throw cannotOpen(new Error(`key ${keyId} is not in the ring`));
  return key;
}

export function cannotOpen(cause: unknown): AppError {
  return new AppError(
    "PRECONDITION",
    "The stored credential cannot be decrypted with this installation's key.",
    {
      cause,
      hint: "Enter the node's credential again, or restore the key file that belongs to this database.",
    },
  );
}

function encrypt(key: Buffer, plaintext: Buffer, associated: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(associated);
  return Buffer.concat([iv, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, sealed: Buffer, associated: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const opened = decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES));
  try {
    decipher.final();
    return opened;
  } catch (error) {
    // What was not authenticated is not left in memory either.
    opened.fill(0);
    throw error;
  }
}

function associatedData(kind: "wrap" | "data", place: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify(["trainyard", VERSION, kind, place.nodeId, place.field, place.keyId]));
}
