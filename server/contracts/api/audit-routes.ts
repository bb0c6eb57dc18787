import { AuditExportQuery, AuditQuery, AuditVerdict, AuditView, VerifyAuditQuery } from "../audit";
import { pageOf } from "../primitives";
import type { ApiRoute } from "./api-route";

export const AUDIT_ROUTES = {
  listAudit: {
    method: "GET",
    path: "/audit",
    tag: "audit",
    summary: "Who did what, newest first",
    access: "admin",
    query: AuditQuery,
    output: pageOf(AuditView),
  },
  exportAudit: {
    method: "GET",
    path: "/audit/export",
    tag: "audit",
    summary: "The audit trail as CSV or JSON Lines; the latter also hold what was hashed",
    access: "admin",
    query: AuditExportQuery,
    output: null,
    contentType: "text/csv",
  },
  verifyAudit: {
    method: "GET",
    path: "/audit/verify",
    tag: "audit",
    summary: "Hash the whole audit trail anew, and look for a row that was noted elsewhere",
    access: "admin",
    query: VerifyAuditQuery,
    output: AuditVerdict,
  },
} as const satisfies Record<string, ApiRoute>;
