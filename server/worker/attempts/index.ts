export { keepRemoving } from "./keep-removing";
export {
  forgetNode,
  type NodeFacts,
  type ReconcileOptions,
  type ReconcileResult,
  reconcileNode,
} from "./reconcile";
