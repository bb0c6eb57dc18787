import type { EnvMap } from "../contracts/nodes";
import { restoreSecrets } from "../contracts/secrets";
import { validationError } from "../errors";

/** Variables as they are to be stored: values that were hidden from the sender stay as they are. @throws AppError VALIDATION */
export function requireSecrets(env: EnvMap, stored: EnvMap): EnvMap {
  const restored = restoreSecrets(env, stored);
  if (restored.missing.length === 0) return restored.env;
  throw validationError(
    restored.missing.map((name) => ({
      path: `settings.env.${name}`,
      message: `Enter the value of ${name}: none is stored.`,
    })),
  );
}
