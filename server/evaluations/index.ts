export { buildEvaluationRequest } from "./build-request";
export { createEvaluation } from "./create-evaluation";
export { deleteEvaluation } from "./delete-evaluation";
export { type ExportedFile, exportEvaluation } from "./export-evaluation";
export { getEvaluation } from "./get-evaluation";
export { listEvaluations } from "./list-evaluations";
export { listRunModels } from "./list-run-models";
export { stopEvaluation } from "./stop-evaluation";
