export { createDataSet } from "./create-data-set";
export { deleteDataSet } from "./delete-data-set";
export { exportDataSet } from "./export-data-set";
export { getDataSet } from "./get-data-set";
export { listDataRows } from "./list-data-rows";
export { listDataSets } from "./list-data-sets";
