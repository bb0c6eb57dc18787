import type { Context } from "../context";
import { isFolderName, readableNames, rowsKeptSeconds } from "../contracts/data-looks";
import { withoutRepeats } from "../contracts/finding-repeats";
import type { WorkerLink } from "../contracts/link";
import type { Finding, RunParameters } from "../contracts/runs";
import { previewData } from "../datasets";
import { isAppError } from "../errors";
import { checkRunOnNode } from "./check-run-on-node";

/** Whoever starts a run waits no longer than that. A hub that does not answer is given up after 6 s by the node itself. */
const PATIENCE_MS = 8_000;
/** Of it for rows. What takes longer is read to its end all the same, for the next who asks. */
const ROWS_PATIENCE_MS = 3_000;
const LOOK_KEPT_SECONDS = 60;
const FRESH_SECONDS = 10;

/**
 * Errors that keep a run from starting on its node: those that the node itself tells, and those of the rows that it can read.
 * The form asks the same, so that answers of a moment ago do. A node that cannot be asked, or is slow, stands against
 * nothing: the run is queued. Never throws.
 */
export async function findBlocking({
  ctx,
  ports,
  input,
  patienceMs = PATIENCE_MS,
}: {
  ctx: Context;
  ports: { link: WorkerLink };
  input: { nodeId: string; parameters: RunParameters };
  patienceMs?: number;
}): Promise<Finding[]> {
  const { nodeId, parameters } = input;
  let endAt = performance.now() + patienceMs;
  const ask = <T>(question: Promise<T>) => answerWithin(ctx, question, endAt - performance.now());
  const look = (maxAgeSeconds?: number) => ask(checkRunOnNode({ ctx, ports, input, maxAgeSeconds }));
  // What was in order a minute ago lets a run through; only what is wrong now refuses it.
  const kept = await look(LOOK_KEPT_SECONDS);
  const checks = kept?.findings.some(isError) ? await look() : kept;
  if (checks === null || checks.failure !== null) return [];
  endAt = Math.min(endAt, performance.now() + ROWS_PATIENCE_MS);
  const read = (name: string, maxAgeSeconds: number) =>
    ask(
      previewData({
        ctx,
        link: ports.link,
        input: { id: nodeId, name, parameters, isBrief: true, maxAgeSeconds },
      }),
    );
  const previews = await Promise.all(
    foldersFirst(readableNames(parameters, checks.findings)).map(async (name) => {
      const preview = await read(name, rowsKeptSeconds(name, { hadErrors: false }));
      return preview?.findings.some(isError) ? read(name, FRESH_SECONDS) : preview;
    }),
  );
  const rows = previews.flatMap((preview) => preview?.findings ?? []);
  return withoutRepeats([...checks.findings, ...rows]).filter(isError);
}

/** The node reads one after the other, and folders at once. */
function foldersFirst(names: readonly string[]): string[] {
  return names.toSorted((one, other) => Number(isFolderName(other)) - Number(isFolderName(one)));
}

function isError({ severity }: Finding): boolean {
  return severity === "error";
}

/** null: it failed, or does not come in time. */
async function answerWithin<T>(ctx: Context, question: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.max(0, ms));
  });
  const answer = question.catch((error: unknown) => {
    if (!isAppError(error) || error.code === "INTERNAL")
      ctx.log.error({ err: error }, "a run that is being created could not be checked on its node");
    return null;
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
