export { estimateRun } from "./estimate-run";
