export {
  checkReadiness,
  fetchHostKey,
  getReadiness,
  refreshInventory,
  testConnection,
  testNode,
} from "./ask-node";
export { createNode } from "./create-node";
export { deleteNode } from "./delete-node";
export { getNode, listGpus } from "./get-node";
export {
  acquireLease,
  LEASE_RENEW_MS,
  type NodeLease,
  releaseLease,
} from "./lease";
export { listNodes } from "./list-nodes";
export type { NodePorts } from "./ports";
export { getPracticeAddress } from "./practice-address";
export { PRACTICE_SETTINGS, type PracticeServer, readPracticeServer } from "./practice-server";
export { updateNode } from "./update-node";
export {
  beatWorker,
  findWorkerOfAttempt,
  findWorkerOfNode,
  forgetWorkers,
  listLiveWorkers,
  listWorkerPlaces,
  type WorkerPlace,
} from "./worker-registry";
