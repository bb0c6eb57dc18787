import {
  EstimateRunInput,
  PlannerQuery,
  PlannerResult,
  RetryOptions,
  RetryOptionsQuery,
  RunEstimate,
} from "../estimates";
import { type ApiRoute, IdParams } from "./api-route";

export const ESTIMATE_ROUTES = {
  estimateRun: {
    method: "POST",
    path: "/estimates",
    tag: "estimates",
    summary: "Whether each stage of a run fits its GPUs, how long it takes and what it costs; stores nothing",
    access: "operator",
    body: EstimateRunInput,
    output: RunEstimate,
    maxBodyBytes: 4_194_304,
  },
  planHardware: {
    method: "GET",
    path: "/estimates/planner",
    tag: "estimates",
    summary: "PPO of known models on known kinds of GPU: fits, largest batch, time and cost",
    access: "viewer",
    query: PlannerQuery,
    output: PlannerResult,
  },
  listRetryOptions: {
    method: "GET",
    path: "/runs/{id}/retry-options",
    tag: "estimates",
    summary: "Lighter settings for a stage that ran out of GPU memory, each with what it would need",
    access: "viewer",
    params: IdParams,
    query: RetryOptionsQuery,
    output: RetryOptions,
  },
} as const satisfies Record<string, ApiRoute>;
