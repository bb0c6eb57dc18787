export { buildEvaluationRequest } from "./build-request";
