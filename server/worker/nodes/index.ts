export { checkReadiness } from "./check-readiness";
export { checkRun } from "./check-run";
export { KeptLooks } from "./kept-looks";
export { findNode, type NodeRecord } from "./load-node";
export { readCheckout, storeCheckout } from "./read-checkout";
export { type NodeStatus, recordContact, recordStatus, statusOfFailure } from "./record-status";
export { storeInventory } from "./store-inventory";
export { isReadinessDue, storeReadiness } from "./store-readiness";
export { takeInventory } from "./take-inventory";
