export { cancelPreparation } from "./cancel-preparation";
export { getPreparation } from "./get-preparation";
export { prepareNode } from "./prepare-node";
export { readPreparationLog } from "./read-preparation-log";
export { storePreparationArchive } from "./store-archive";
export { uninstallPreparation } from "./uninstall-preparation";
