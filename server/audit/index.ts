export { exportAudit } from "./export-audit";
export { listAudit } from "./list-audit";
export { type AuditEntry, recordAudit } from "./record-audit";
export { verifyAudit } from "./verify-audit";
