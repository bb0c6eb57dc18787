import type { NodeCredential } from "../../contracts/nodes";

/** What a login needs, as buffers, so that it can be wiped. Whoever opened it wipes it. */
export type SecretCredential =
  | { method: "password"; password: Buffer }
  | { method: "private_key"; privateKey: Buffer; passphrase: Buffer | null };

export function toSecret(credential: NodeCredential): SecretCredential {
  if (credential.method === "password")
    return { method: "password", password: Buffer.from(credential.password) };
  const { passphrase } = credential;
  return {
    method: "private_key",
    privateKey: Buffer.from(credential.privateKey),
    passphrase: passphrase ? Buffer.from(passphrase) : null,
  };
}

export function wipeCredential(secret: SecretCredential): void {
  if (secret.method === "password") secret.password.fill(0);
  else {
    secret.privateKey.fill(0);
    secret.passphrase?.fill(0);
  }
}
