export { auditSettings } from './audit.config.ts';
export { audit } from './audit.ts';
export { type AuditReport } from './report/audit-report.ts';
