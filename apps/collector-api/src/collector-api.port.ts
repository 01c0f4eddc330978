import { port } from '@pipeline/config';

/** By itself, because the health check loads nothing else. */
export const collectorApiPort = port('COLLECTOR_API_PORT', 'HTTP port', 3001);
