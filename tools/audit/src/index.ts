export { AuditError, type AuditErrorCode } from './audit-error.ts';
export { auditSettings, type AuditSettings } from './audit.config.ts';
export { audit, type AuditOptions } from './audit.ts';
export { type AuditScope } from './audit-sources.ts';
export { reportLines } from './console/report-lines.ts';
export { type Progress } from './progress.ts';
export { exitCode, type AuditReport } from './report/audit-report.ts';
export { type Example, type Finding, type FindingKind, type SinkName } from './report/findings.ts';
export { type HourCounts, type Verdicts } from './report/hour-counts.ts';
