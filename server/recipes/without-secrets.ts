import { hideSecrets } from "../contracts/secrets";

/** For rows, events and pages: the same command, with the values of secret variables left out. */
export function withoutSecrets<T extends { env: Record<string, string> }>(command: T): T {
  return { ...command, env: hideSecrets(command.env) };
}
