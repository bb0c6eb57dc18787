import type * as audit from "./audit";
import type * as auth from "./auth";
import type { Actor, Context } from "./context";
import type { WorkerLink } from "./contracts/link";
import type { SessionView } from "./contracts/session";
import type { LinkState } from "./contracts/sockets";
import type * as datasets from "./datasets";
import type * as estimates from "./estimates";
import type * as evaluations from "./evaluations";
import type * as forecasts from "./forecasts";
import type { Logger } from "./log";
import type * as logs from "./logs";
import type * as nodeChecks from "./node-checks";
import type * as nodes from "./nodes";
import type * as preparations from "./preparations";
import type * as recipes from "./recipes";
import type * as runs from "./runs";
import type * as scalars from "./scalars";
import type * as telemetry from "./telemetry";

/** How a request proved who asks. A cookie needs the origin checks of handle.ts, a token does not. */
export interface RequestActor {
  actor: Actor;
  via: "session" | "token";
  mustChangePassword: boolean;
}

/** The live objects of the web process, as app/ sees them. Only types are imported here: Next bundles none of it. */
export interface Container {
  /** http://127.0.0.1:3000, exactly as browsers send it. */
  origin: string;
  version: string;
  startedAt: Date;
  log: Logger;
  sessionOf: (headers: Headers) => Promise<SessionView | null>;
  actorOf: (headers: Headers) => Promise<RequestActor | null>;
  contextOf: (actor: Actor) => Context;
  handleAuth: (request: Request) => Promise<Response>;
  link: WorkerLink;
  state: () => LinkState;
  /** Asks Postgres now, because a request has just failed. */
  checkDatabase: () => Promise<boolean>;
  audit: Pick<typeof audit, "listAudit" | "exportAudit" | "verifyAudit">;
  tokens: Pick<typeof auth, "listTokens" | "createToken" | "revokeToken">;
  nodeChecks: Pick<typeof nodeChecks, "checkRunOnNode">;
  nodes: Pick<
    typeof nodes,
    | "listNodes"
    | "createNode"
    | "fetchHostKey"
    | "testConnection"
    | "getPracticeAddress"
    | "getNode"
    | "updateNode"
    | "deleteNode"
    | "testNode"
    | "refreshInventory"
    | "getReadiness"
    | "checkReadiness"
    | "listGpus"
  >;
  nodePorts: nodes.NodePorts;
  preparations: Pick<
    typeof preparations,
    | "getPreparation"
    | "prepareNode"
    | "cancelPreparation"
    | "uninstallPreparation"
    | "storePreparationArchive"
    | "readPreparationLog"
  >;
  recipes: Pick<typeof recipes, "listRecipes" | "getRecipe" | "listPresets">;
  runs: Pick<typeof forecasts, "listRuns" | "createRun" | "getRun" | "stopRun" | "retryRun"> &
    Pick<
      typeof runs,
      "previewRun" | "getRecipeOfNode" | "deleteRun" | "getRunScript" | "getAttempt" | "listEvents"
    >;
  datasets: Pick<
    typeof datasets,
    | "listDataSets"
    | "createDataSet"
    | "getDataSet"
    | "deleteDataSet"
    | "listDataRows"
    | "exportDataSet"
    | "previewData"
  >;
  estimates: Pick<typeof estimates, "estimateRun" | "planHardware" | "listRetryOptions">;
  evaluations: Pick<
    typeof evaluations,
    | "listEvaluations"
    | "createEvaluation"
    | "getEvaluation"
    | "deleteEvaluation"
    | "stopEvaluation"
    | "exportEvaluation"
    | "listRunModels"
  >;
  logs: Pick<typeof logs, "readLog" | "streamLog" | "searchLog" | "listLogFiles">;
  scalars: Pick<typeof scalars, "readScalars">;
  telemetry: Pick<typeof telemetry, "readSamples">;
}

// Next bundles its own copy of this module, so the object hangs on globalThis under a registered symbol.
const KEY = Symbol.for("trainyard.container");

export function installContainer(value: Container): void {
  Object.assign(globalThis, { [KEY]: value });
}

/** @throws Error outside the web process, for example during `next build`: pages that use it are force-dynamic */
export function container(): Container {
  const value = read();
  if (value === undefined) throw new Error("The web process has not started: no container is installed.");
  return value;
}

// Safe because installContainer is the only writer of this symbol.
function read(): Container | undefined {
  return (globalThis as { [KEY]?: Container })[KEY];
}
