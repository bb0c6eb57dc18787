export { keepRemoving } from "./keep-removing";
export { type NodeFacts, type ReconcileOptions, type ReconcileResult, reconcileNode } from "./reconcile";
