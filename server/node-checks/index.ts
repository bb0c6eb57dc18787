export { checkRunOnNode } from "./check-run-on-node";
