import { type DestinationStream, type Logger, pino } from "pino";
import { renderLogLine } from "./render-log-line";
import { isColoured } from "./terminal";

export type { Logger };

/**
 * One structured logger a process: JSON lines on stderr, or readable ones where that is a terminal. Field names that
 * could carry a secret are censored, wherever they are nested.
 */
export function createLogger(process_: string, level = "info"): Logger {
  const options = {
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
  };
  return pino(options, process.stderr.isTTY ? readable() : pino.destination({ dest: 2, sync: true }));
}

function readable(): DestinationStream {
  const format = { isColoured: isColoured(process.stderr) };
  return { write: (line) => void process.stderr.write(renderLogLine(line, format)) };
}
