import { ATTEMPT_ROUTES } from "./api/attempt-routes";
import { AUDIT_ROUTES } from "./api/audit-routes";
import { DATA_SET_ROUTES } from "./api/data-set-routes";
import { ESTIMATE_ROUTES } from "./api/estimate-routes";
import { EVALUATION_ROUTES } from "./api/evaluation-routes";
import { NODE_ROUTES } from "./api/node-routes";
import { PREPARATION_ROUTES } from "./api/preparation-routes";
import { RUN_ROUTES } from "./api/run-routes";
import { SYSTEM_ROUTES } from "./api/system-routes";

export type { ApiRoute } from "./api/api-route";

/** Every route of /api/v1. The adapters, the OpenAPI document and the access tests all read this one table. */
export const API_ROUTES = {
  ...NODE_ROUTES,
  ...PREPARATION_ROUTES,
  ...RUN_ROUTES,
  ...DATA_SET_ROUTES,
  ...ATTEMPT_ROUTES,
  ...ESTIMATE_ROUTES,
  ...EVALUATION_ROUTES,
  ...AUDIT_ROUTES,
  ...SYSTEM_ROUTES,
} as const;
export type RouteName = keyof typeof API_ROUTES;
