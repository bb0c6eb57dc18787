import { exportAudit, listAudit, verifyAudit } from "../audit";
import { createToken, listTokens, revokeToken } from "../auth";
import type { Container } from "../container";
import {
  createDataSet,
  deleteDataSet,
  exportDataSet,
  getDataSet,
  listDataRows,
  listDataSets,
  previewData,
} from "../datasets";
import { estimateRun, listRetryOptions, planHardware } from "../estimates";
import {
  createEvaluation,
  deleteEvaluation,
  exportEvaluation,
  getEvaluation,
  listEvaluations,
  listRunModels,
  stopEvaluation,
} from "../evaluations";
import { createRun, getRun, listRuns, retryRun, stopRun } from "../forecasts";
import { listLogFiles, readLog, searchLog, streamLog } from "../logs";
import { checkRunOnNode } from "../node-checks";
import {
  checkReadiness,
  createNode,
  deleteNode,
  fetchHostKey,
  getNode,
  getPracticeAddress,
  getReadiness,
  listGpus,
  listNodes,
  refreshInventory,
  testConnection,
  testNode,
  updateNode,
} from "../nodes";
import {
  cancelPreparation,
  getPreparation,
  prepareNode,
  readPreparationLog,
  storePreparationArchive,
  uninstallPreparation,
} from "../preparations";
import { getRecipe, listPresets, listRecipes } from "../recipes";
import { deleteRun, getAttempt, getRecipeOfNode, getRunScript, listEvents, previewRun } from "../runs";
import { readScalars } from "../scalars";
import { readSamples } from "../telemetry";

type Verbs = Pick<
  Container,
  | "audit"
  | "tokens"
  | "nodes"
  | "nodeChecks"
  | "preparations"
  | "recipes"
  | "runs"
  | "datasets"
  | "estimates"
  | "evaluations"
  | "logs"
  | "scalars"
  | "telemetry"
>;

/** Everything that a page or a program can ask this process to do. */
export const VERBS: Verbs = {
  audit: { listAudit, exportAudit, verifyAudit },
  tokens: { listTokens, createToken, revokeToken },
  nodes: {
    listNodes,
    createNode,
    fetchHostKey,
    testConnection,
    getPracticeAddress,
    getNode,
    updateNode,
    deleteNode,
    testNode,
    refreshInventory,
    getReadiness,
    checkReadiness,
    listGpus,
  },
  nodeChecks: { checkRunOnNode },
  preparations: {
    getPreparation,
    prepareNode,
    cancelPreparation,
    uninstallPreparation,
    storePreparationArchive,
    readPreparationLog,
  },
  recipes: { listRecipes, getRecipe, listPresets },
  runs: {
    listRuns,
    createRun,
    previewRun,
    getRun,
    deleteRun,
    stopRun,
    retryRun,
    getRunScript,
    getRecipeOfNode,
    getAttempt,
    listEvents,
  },
  datasets: {
    listDataSets,
    createDataSet,
    getDataSet,
    deleteDataSet,
    listDataRows,
    exportDataSet,
    previewData,
  },
  estimates: { estimateRun, planHardware, listRetryOptions },
  evaluations: {
    listEvaluations,
    createEvaluation,
    getEvaluation,
    deleteEvaluation,
    stopEvaluation,
    exportEvaluation,
    listRunModels,
  },
  logs: { readLog, streamLog, searchLog, listLogFiles },
  scalars: { readScalars },
  telemetry: { readSamples },
};
