import type { Client, ClientChannel } from "ssh2";
import { AppError } from "../../errors";
import { withDeadline } from "./with-deadline";

/** What every part of a connection needs: the client, and whether the link is still there. */
export interface Link {
  client: Client;
  /** "10.0.0.4:22", for messages. */
  address: string;
  isOpen: () => boolean;
}

export function linkLost(link: Link, cause?: unknown): AppError {
  return new AppError("NODE_UNREACHABLE", `The connection to ${link.address} was lost.`, {
    cause,
    hint: "Training goes on; Trainyard connects again by itself.",
  });
}

/** A raw exec channel. @throws AppError NODE_UNREACHABLE, TIMEOUT, LIMIT (the node refuses another session) */
export async function openExecChannel(
  link: Link,
  command: string,
  timeoutMs: number,
): Promise<ClientChannel> {
  if (!link.isOpen()) throw linkLost(link);
  const opening = new Promise<ClientChannel>((resolve, reject) => {
    link.client.exec(command, (error, channel) => {
      if (error) reject(channelError(link, error));
      else resolve(channel);
    });
  });
  // A channel that opens after we gave up is closed, so that it does not count against MaxSessions for ever.
  return withDeadline(opening, timeoutMs, `${link.address} did not open a command channel`, (late) =>
    late.close(),
  );
}

export function channelError(link: Link, error: Error): AppError {
  if (!link.isOpen()) return linkLost(link, error);
  return new AppError("LIMIT", `${link.address} refused another session on the connection.`, {
    cause: error,
    hint: "Trainyard needs five: raise MaxSessions in the node's sshd_config.",
  });
}
