/** HF_TOKEN, WANDB_API_KEY, AWS_SECRET_ACCESS_KEY, DB_PASSWORD; not TOKENIZERS_PARALLELISM, not KEYBOARD. */
const SECRET =
  /TOKEN(?:$|_)|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|(?:^|_)(?:KEY|PWD|AUTH)(?:$|_)|APIKEY/i;

/** Whether a variable's name says that its value is not for showing. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name);
}

/**
 * Stands for the value of such a variable in every answer of the API. Sent back, it means: keep what is stored (a node's
 * settings), or take it over from the run that is cloned.
 */
export const HIDDEN_VALUE = "[secret]";

type Env = Readonly<Record<string, string>>;

export function hideSecrets(env: Env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, isSecretName(name) ? HIDDEN_VALUE : value]),
  );
}

/** Puts stored values where they were hidden; `missing` names variables that were never stored. */
export function restoreSecrets(env: Env, stored: Env): { env: Record<string, string>; missing: string[] } {
  const missing: string[] = [];
  const restored = Object.entries(env).map(([name, value]) => {
    if (value !== HIDDEN_VALUE || !isSecretName(name)) return [name, value];
    const kept = Object.hasOwn(stored, name) ? stored[name] : undefined;
    if (kept === undefined) missing.push(name);
    return [name, kept ?? value];
  });
  return { env: Object.fromEntries(restored), missing };
}
