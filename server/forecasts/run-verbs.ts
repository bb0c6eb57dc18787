import type { Context } from "../context";
import type { RunForecast } from "../contracts/forecasts";
import type { WorkerLink } from "../contracts/link";
import type { Page } from "../contracts/primitives";
import type { RunSummary, RunView } from "../contracts/runs";
import { AppError } from "../errors";
import { findBlocking } from "../node-checks";
import * as runs from "../runs";
import { forecastFromRecord } from "./forecast-from-record";
import { forecastRuns } from "./forecast-runs";

type CreateInput = Parameters<typeof runs.createRun>[0]["input"];
type Verb<Parts, Output> = (parts: Parts) => Promise<Output>;

/** A verb of server/runs that changes a run. The change is made by then: a forecast that fails fails nothing else. */
function changing<Parts extends { ctx: Context }>(verb: Verb<Parts, runs.RunRecord>): Verb<Parts, RunView> {
  return async (parts) => {
    const { ctx } = parts;
    const run = await verb(parts);
    try {
      return await withForecast(ctx, run);
    } catch (error) {
      ctx.log.error({ err: error, runId: run.id }, "a changed run's forecast could not be made");
      return { ...run, forecast: forecastFromRecord(run, ctx.now()) };
    }
  };
}

/** A run, with what is left of it and what it costs. */
async function withForecast(ctx: Context, run: runs.RunRecord): Promise<RunView> {
  const forecasts = await forecastRuns(ctx, [run.id], { withPast: true });
  return { ...run, forecast: forecastOf(forecasts, run.id) };
}

export const getRun: Verb<Parameters<typeof runs.getRun>[0], RunView> = async (parts) =>
  withForecast(parts.ctx, await runs.getRun(parts));
/** Refused also for what only the node can tell, as the form's Start is. */
export const createRun = changing(
  ({ ctx, ports, input }: { ctx: Context; ports: { link: WorkerLink }; input: CreateInput }) =>
    runs.createRun({ ctx, input, findOnNode: (wanted) => findBlocking({ ctx, ports, input: wanted }) }),
);
export const stopRun = changing(runs.stopRun);
export const retryRun = changing(runs.retryRun);

export async function listRuns(parts: Parameters<typeof runs.listRuns>[0]): Promise<Page<RunSummary>> {
  const page = await runs.listRuns(parts);
  const ids = page.items.map(({ id }) => id);
  const forecasts = await forecastRuns(parts.ctx, ids, { withPast: false });
  // One that was deleted between the two reads is not listed.
  const items = page.items.filter(({ id }) => forecasts.has(id));
  return { ...page, items: items.map((run) => ({ ...run, forecast: forecastOf(forecasts, run.id) })) };
}

function forecastOf(forecasts: ReadonlyMap<string, RunForecast>, id: string): RunForecast {
  const forecast = forecasts.get(id);
  if (forecast === undefined) throw new AppError("NOT_FOUND", "There is no such run.");
  return forecast;
}
