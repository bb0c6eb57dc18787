export { checkRunOnNode } from "./check-run-on-node";
export { findBlocking } from "./find-blocking";
