import { EstimateRunInput, RunEstimate } from "../estimates";
import type { ApiRoute } from "./api-route";

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
} as const satisfies Record<string, ApiRoute>;
