import type { Context } from "../context";
import { readableNames, rowsKeptSeconds } from "../contracts/data-looks";
import { withoutRepeats } from "../contracts/finding-repeats";
import type { WorkerLink } from "../contracts/link";
import type { Finding, RunParameters } from "../contracts/runs";
import { previewData } from "../datasets";
import { isAppError } from "../errors";
import { checkRunOnNode } from "./check-run-on-node";

/** Whoever starts a run waits no longer than that. A hub that does not answer is given up after 6 s by the node itself. */
const PATIENCE_MS = 8_000;
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
  const endAt = performance.now() + patienceMs;
  const ask = <T>(question: Promise<T>) => answerWithin(ctx, question, endAt - performance.now());
  const checks = await ask(checkRunOnNode({ ctx, ports, input }));
  if (checks === null || checks.failure !== null) return [];
  const read = (name: string, maxAgeSeconds: number) =>
    ask(
      previewData({
        ctx,
        link: ports.link,
        input: { id: nodeId, name, parameters, isBrief: true, maxAgeSeconds },
      }),
    );
  const previews = await Promise.all(
    readableNames(parameters, checks.findings).map(async (name) => {
      const kept = await read(name, rowsKeptSeconds(name, { hadErrors: false }));
      // Rows of an hour ago let a run through, and refuse none: they may have been mended.
      return kept?.findings.some(isError) ? read(name, FRESH_SECONDS) : kept;
    }),
  );
  const rows = previews.flatMap((preview) => preview?.findings ?? []);
  return withoutRepeats([...checks.findings, ...rows]).filter(isError);
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
