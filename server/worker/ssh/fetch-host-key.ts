import { Client } from "ssh2";
import type { HostKey } from "../../contracts/nodes";
import { type Address, connectError } from "./connect-errors";
import { ACCEPTED_HOST_KEY_ALGORITHMS, describeHostKey } from "./host-key";

/** A name for ssh2, which wants one; the handshake ends before it would be sent. */
const NOBODY = "nobody";

/**
 * Shakes hands far enough to be shown the host's key and refuses it: no login ever starts. That the host holds the
 * private half is proved by every later connection, before a credential is sent.
 * @throws AppError NODE_UNREACHABLE, TIMEOUT
 */
export function fetchHostKey(address: Address, options: { timeoutMs?: number } = {}): Promise<HostKey> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    let shown: HostKey | null = null;
    client.on("error", (error) => {
      if (shown === null) reject(connectError(error, address));
      else resolve(shown);
      client.destroy();
    });
    client.on("close", () => reject(connectError(new Error("Connection lost before handshake"), address)));
    client.connect({
      host: address.host,
      port: address.port,
      username: NOBODY,
      readyTimeout: options.timeoutMs ?? 15_000,
      algorithms: { serverHostKey: ACCEPTED_HOST_KEY_ALGORITHMS },
      authHandler: () => false,
      hostVerifier: (blob: Buffer) => {
        shown = describeHostKey(blob);
        return false;
      },
    });
  });
}
