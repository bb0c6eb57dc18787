import type { Context } from "../context";
import type { RunForecast } from "../contracts/forecasts";
import type { Page } from "../contracts/primitives";
import type { RunSummary, RunView } from "../contracts/runs";
import { AppError } from "../errors";
import * as runs from "../runs";
import { forecastRuns } from "./forecast-runs";

type Verb<Input, Output> = (parts: { ctx: Context; input: Input }) => Promise<Output>;

/** A verb of server/runs whose answer also says what is left of the run and what it costs. */
function withForecast<Input>(verb: Verb<Input, runs.RunRecord>): Verb<Input, RunView> {
  return async (parts) => {
    const run = await verb(parts);
    const forecasts = await forecastRuns(parts.ctx, [run.id], { withPast: true });
    return { ...run, forecast: forecastOf(forecasts, run.id) };
  };
}

export const getRun = withForecast(runs.getRun);
export const createRun = withForecast(runs.createRun);
export const stopRun = withForecast(runs.stopRun);
export const retryRun = withForecast(runs.retryRun);

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
