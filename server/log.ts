import { type Logger, pino } from "pino";

export type { Logger };

/** One structured logger a process. Field names that could carry a secret are censored, wherever they are nested. */
export function createLogger(process_: string, level = "info"): Logger {
  return pino({
    level,
    base: { process: process_ },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        "password",
        "*.password",
        "*.*.password",
        "privateKey",
        "*.privateKey",
        "passphrase",
        "*.passphrase",
        "token",
        "*.token",
        "credential",
        "*.credential",
      ],
      censor: "[secret]",
    },
  });
}
