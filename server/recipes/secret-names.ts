const SECRET = /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|(?:^|_)KEY(?:$|_)|APIKEY/i;

/** Whether a variable's name says that its value is not for showing. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

export const HIDDEN_VALUE = "[secret]";

/** For rows, events and pages: the same command, with the values of such variables left out. */
export function withoutSecrets<T extends { env: Record<string, string> }>(command: T): T {
  const env = Object.entries(command.env).map(([name, value]) => [
    name,
    isSecretName(name) ? HIDDEN_VALUE : value,
  ]);
  return { ...command, env: Object.fromEntries(env) };
}
