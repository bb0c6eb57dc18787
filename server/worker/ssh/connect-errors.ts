import { AppError } from "../../errors";

export interface Address {
  host: string;
  port: number;
}

export function formatAddress({ host, port }: Address): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

interface Failure {
  code: "NODE_UNREACHABLE" | "TIMEOUT";
  message: (address: string, host: string) => string;
  hint: string;
}

const BY_ERRNO: Record<string, Failure> = {
  ENOTFOUND: {
    code: "NODE_UNREACHABLE",
    message: (_, host) => `No host is known by the name “${host}”.`,
    hint: "Check the spelling, or enter the IP address.",
  },
  EAI_AGAIN: {
    code: "NODE_UNREACHABLE",
    message: (_, host) => `The name “${host}” could not be looked up: the name server does not answer.`,
    hint: "Enter the IP address, or check the name server of the machine that Trainyard runs on.",
  },
  ECONNREFUSED: {
    code: "NODE_UNREACHABLE",
    message: (address) => `${address} refused the connection: nothing listens on that port.`,
    hint: "Check the port, and that the SSH server runs on the node.",
  },
  EHOSTUNREACH: {
    code: "NODE_UNREACHABLE",
    message: (address) => `There is no route to ${address}.`,
    hint: "Check that the node is on, and that this machine is in its network or VPN.",
  },
  ENETUNREACH: {
    code: "NODE_UNREACHABLE",
    message: (address) => `The network of ${address} cannot be reached from here.`,
    hint: "Check this machine's own network or VPN.",
  },
  ECONNRESET: {
    code: "NODE_UNREACHABLE",
    message: (address) => `${address} closed the connection while it was being set up.`,
    hint: "A firewall, fail2ban or sshd's MaxStartups does this. Wait a minute and try again.",
  },
  ETIMEDOUT: {
    code: "TIMEOUT",
    message: (address) => `${address} did not answer.`,
    hint: "Check the address; a firewall that drops packets looks like this.",
  },
};

const BY_TEXT: [RegExp, Failure][] = [
  [
    /timed out while waiting for handshake/i,
    {
      code: "TIMEOUT",
      message: (address) => `${address} did not answer in time.`,
      hint: "Check the address and port; a firewall that drops packets, or an overloaded node, looks like this.",
    },
  ],
  [
    /connection lost before handshake|no response from server/i,
    {
      code: "NODE_UNREACHABLE",
      message: (address) => `${address} closed the connection before the login.`,
      hint: "Check that an SSH server listens there; fail2ban and sshd's MaxStartups do this too.",
    },
  ],
  [
    /invalid identification|malformed packet|bad packet length|packet length \d+ exceeds|header/i,
    {
      code: "NODE_UNREACHABLE",
      message: (address) => `What answers at ${address} is not an SSH server.`,
      hint: "Check the port: SSH is usually on 22.",
    },
  ],
  [
    /no matching (?:key exchange|host key|c->s|s->c|client->server|server->client|.*cipher|.*mac)/i,
    {
      code: "NODE_UNREACHABLE",
      message: (address) =>
        `${address} offers only encryption that is no longer safe, so no connection was made.`,
      hint: "Update the SSH server on the node; it needs SHA-2 host keys and a current key exchange.",
    },
  ],
];

/** An error of the socket or of ssh2's handshake, as one that people can act on. NODE_UNREACHABLE or TIMEOUT. */
export function connectError(error: unknown, address: Address): AppError {
  const failure = findFailure(error);
  const text = formatAddress(address);
  if (failure === undefined) {
    return new AppError("NODE_UNREACHABLE", `The connection to ${text} failed: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  return new AppError(failure.code, failure.message(text, address.host), {
    cause: error,
    hint: failure.hint,
  });
}

function findFailure(error: unknown): Failure | undefined {
  const errno = errnoOf(error);
  return (errno && BY_ERRNO[errno]) || BY_TEXT.find(([pattern]) => pattern.test(messageOf(error)))?.[1];
}

function errnoOf(error: unknown): string | null {
  // node-ssh calls any early close ETIMEDOUT; its text tells more.
  if (!(error instanceof Error) || error.name === "SSHError" || /no response/i.test(error.message))
    return null;
  return "code" in error && typeof error.code === "string" ? error.code : null;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
