import { z } from "zod";
import { type Env, readEnv } from "./env";
import { createLogger, type Logger } from "./log";

/** What a process tells the supervisor that started it. */
export const ChildMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready") }),
  z.object({ type: z.literal("failed"), message: z.string() }),
]);
export type ChildMessage = z.infer<typeof ChildMessage>;

/** Short of the 12 s after which the supervisor kills. */
const STOP_DEADLINE_MS = 9_000;

/** Starts one process of the product and sees to its end. `start` returns what stops it. */
export async function runProcess(
  name: string,
  start: (parts: { env: Env; log: Logger }) => Promise<() => Promise<void>>,
): Promise<void> {
  const env = settingsOf(name);
  const log = createLogger(name, env.logLevel);
  exitOnSurprise(log);
  let stop = async () => {};
  endWhenAsked(log, () => stop());
  try {
    stop = await start({ env, log });
    tell({ type: "ready" });
  } catch (error) {
    tell({ type: "failed", message: error instanceof Error ? error.message : String(error) });
    log.fatal({ err: error }, "could not start");
    process.exitCode = 1;
    // Whatever a half-made start still holds open must not keep it alive.
    setTimeout(() => process.exit(1), 200).unref();
    process.disconnect?.();
  }
}

function settingsOf(name: string): Env {
  try {
    return readEnv();
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}

/** The state is in Postgres and on the nodes: starting anew is safe, going on after a surprise is not. */
function exitOnSurprise(log: Logger): void {
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, event);
      process.exit(1);
    });
  }
}

function endWhenAsked(log: Logger, stop: () => Promise<void>): void {
  let isStopping = false;
  const end = (why: string) => {
    if (isStopping) return;
    isStopping = true;
    log.info({ why }, "stopping");
    setTimeout(() => {
      log.error("stopping took too long");
      process.exit(1);
    }, STOP_DEADLINE_MS);
    stop().then(
      () => process.exit(process.exitCode ?? 0),
      (error: unknown) => {
        log.error({ err: error }, "stopping failed");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", () => end("SIGTERM"));
  for (const signal of ["SIGINT", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Ctrl-C and a closed terminal reach the supervisor too, and it stops us in its order.
      if (!process.connected) end(signal);
    });
  }
  // A supervisor that was killed cannot stop us, and the next one needs our port.
  process.on("disconnect", () => end("the supervisor is gone"));
}

function tell(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}
