import { createHash } from "node:crypto";
import type { ConnectionOptions, TlsOptions } from "node:tls";

const IDENTITY = "trainyard";
/** Keys of a session are new each time, so a secret that leaks later opens nothing that was recorded. */
const CIPHERS = {
  ciphers: "ECDHE-PSK-CHACHA20-POLY1305",
  minVersion: "TLSv1.2",
  maxVersion: "TLSv1.2",
} as const;

/** TLS without certificates (RFC 4279): both ends prove that they have the link's secret. */
export function serverLinkTls(secret: string): TlsOptions {
  return { ...CIPHERS, pskCallback: (_socket, identity) => (identity === IDENTITY ? keyOf(secret) : null) };
}

export function clientLinkTls(secret: string): ConnectionOptions {
  return {
    ...CIPHERS,
    pskCallback: () => ({ psk: keyOf(secret), identity: IDENTITY }),
    // There is no certificate to compare with a name; whoever has no secret fails in the handshake.
    checkServerIdentity: () => undefined,
  };
}

function keyOf(secret: string): Buffer {
  return createHash("sha256").update(`trainyard link ${secret}`).digest();
}
