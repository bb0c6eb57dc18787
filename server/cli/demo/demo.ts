import { parseArgs } from "node:util";
import { createToken } from "../../auth";
import { readEnv } from "../../env";
import { createLogger } from "../../log";
import { printWelcome } from "../../supervisor/print-welcome";
import { startTrainyard, type Trainyard } from "../../supervisor/start-trainyard";
import { withContext } from "../open-context";
import { apiClient } from "./api-client";
import { awaitEvaluation, practiceNode, runPractice } from "./run-practice";
import { type DemoSummary, summarise, summaryText } from "./summary";

/** `npm run demo`: starts Trainyard, runs the practice preset through the HTTP API, prints what came of it, keeps serving. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { exit: { type: "boolean" }, json: { type: "boolean" } } });
  process.env.LOG_LEVEL ??= "warn";
  const env = readEnv();
  const log = createLogger("supervisor", env.logLevel);
  const print = (line: string) => (values.json ? process.stderr : process.stdout).write(`  ${line}\n`);
  const trainyard = await startTrainyard({ env, root: process.cwd(), log });
  stopOnSignal(trainyard);
  try {
    if (values.json) print(trainyard.origin);
    else printWelcome(trainyard);
    const summary = await demonstrate(trainyard, print);
    if (!values.json) process.stdout.write(summaryText(summary));
    if (values.exit) await trainyard.stop();
    if (values.json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    if (values.exit) process.exit(summary.isSuccess ? 0 : 1);
    print(`Serving on ${trainyard.origin} until Ctrl-C. The run: ${summary.url}`);
  } catch (error) {
    await trainyard.stop();
    throw error;
  }
}

async function demonstrate(trainyard: Trainyard, print: (line: string) => void): Promise<DemoSummary> {
  const { token } = await withContext(trainyard.databaseUrl, (ctx) =>
    createToken({ ctx, input: { name: "demo", expiresInDays: 1 } }),
  );
  const api = apiClient(trainyard.origin, token);
  const node = await practiceNode(api);
  const run = await runPractice(api, node, print);
  const evaluation = run.status === "succeeded" ? await awaitEvaluation(api, run.id) : null;
  return summarise(api, trainyard.origin, run, evaluation);
}

function stopOnSignal(trainyard: Trainyard): void {
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      trainyard.stop().then(
        () => process.exit(signal === "SIGINT" ? 130 : 0),
        () => process.exit(1),
      );
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
