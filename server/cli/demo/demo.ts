import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createToken, revokeToken } from "../../auth";
import type { Context } from "../../context";
import { readEnv } from "../../env";
import { createLogger } from "../../log";
import { renderWelcome } from "../../supervisor/render-welcome";
import { stopOnSignals } from "../../supervisor/stop-on-signals";
import { type RunningTrainyard, Trainyard } from "../../supervisor/trainyard";
import { isColoured } from "../../terminal";
import { withContext } from "../open-context";
import { type ApiClient, apiClient } from "./api-client";
import { awaitEvaluation, followRun, practiceNode, startPracticeRun, stopRun } from "./run-practice";
import { type DemoSummary, summarise, summaryText } from "./summary";

/** What a shell gives a program that Ctrl-C ended. */
const INTERRUPTED = 130;

/** `npm run demo`: starts Trainyard, runs the practice preset through the HTTP API, prints what came of it, keeps serving. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { exit: { type: "boolean" }, json: { type: "boolean" } } });
  process.env.LOG_LEVEL ??= "warn";
  const env = readEnv();
  if (!env.isPracticeEnabled)
    throw new Error("The demo trains on the practice node, and TRAINYARD_PRACTICE is off.");
  const log = createLogger("supervisor", env.logLevel);
  const people = values.json ? process.stderr : process.stdout;
  const print = (line: string) => people.write(`  ${line}\n`);
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const trainyard = new Trainyard({ env, root, log });
  let isDone = false;
  let isInterrupted = false;
  let endRun = async () => {};
  stopOnSignals({
    trainyard,
    log,
    statusOf: () => (isDone ? 0 : INTERRUPTED),
    before: () => {
      isInterrupted = true;
      return endRun();
    },
  });
  if (process.stderr.isTTY) process.stderr.write("  Starting …\n");
  const running = await trainyard.start();
  try {
    people.write(renderWelcome(running, { isColoured: isColoured(people) }));
    const summary = await demonstrate(running, print, (end) => {
      endRun = end;
    });
    if (isInterrupted) return;
    isDone = true;
    people.write(summaryText(summary, people.columns));
    if (values.exit) await trainyard.stop();
    if (values.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    if (values.exit) process.exit(summary.isSuccess ? 0 : 1);
    print(`Serving on ${running.origin} until Ctrl-C. The run: ${summary.url}`);
  } catch (error) {
    // What is being stopped no longer answers.
    if (isInterrupted) return;
    await trainyard.stop();
    throw error;
  }
}

async function demonstrate(
  running: RunningTrainyard,
  print: (line: string) => void,
  onStarted: (endRun: () => Promise<void>) => void,
): Promise<DemoSummary> {
  return withContext(running.databaseUrl, (ctx) =>
    withToken(ctx, running.origin, async (api) => {
      const node = await practiceNode(api);
      const { id } = await startPracticeRun(api, node);
      onStarted(() => stopRun(api, id));
      const run = await followRun(api, id, print);
      onStarted(async () => {});
      const evaluation = run.status === "succeeded" ? await awaitEvaluation(api, run.id, print) : null;
      return summarise(api, running.origin, run, evaluation);
    }),
  );
}

/** A token for as long as the work takes. */
async function withToken<T>(ctx: Context, origin: string, work: (api: ApiClient) => Promise<T>): Promise<T> {
  const { id, token } = await createToken({ ctx, input: { name: "demo", expiresInDays: 1 } });
  try {
    return await work(apiClient(origin, token));
  } finally {
    await revokeToken({ ctx, input: { id } });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
