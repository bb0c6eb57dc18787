export { findNode, type NodeRecord } from "./load-node";
export { type NodeStatus, recordContact, recordStatus, statusOfFailure } from "./record-status";
export { storeInventory } from "./store-inventory";
export { takeInventory } from "./take-inventory";
