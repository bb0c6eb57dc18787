export { evaluationFiles } from "./evaluation-files";
