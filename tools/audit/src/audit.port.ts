import { port } from '@pipeline/config';

/** By itself, because the health check loads nothing else. */
export const auditPort = port('AUDIT_PORT', 'HTTP port of the continuous audit', 3005);
