export { type NodeFacts, type ReconcileOptions, type ReconcileResult, reconcileNode } from "./reconcile";
