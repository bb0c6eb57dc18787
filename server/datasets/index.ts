export { createDataSet } from "./create-data-set";
export { deleteDataSet } from "./delete-data-set";
export { exportDataSet } from "./export-data-set";
export { findUploaded, holdUploaded, referencesOf, type UploadedVersion } from "./find-uploaded";
export { getDataSet } from "./get-data-set";
export { listDataRows } from "./list-data-rows";
export { listDataSets } from "./list-data-sets";
export { dataPreview, previewData } from "./preview-data";
export { partSize, readPart } from "./read-part";
