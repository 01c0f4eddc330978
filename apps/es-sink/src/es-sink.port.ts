import { port } from '@pipeline/config';

/** By itself, because the health check loads nothing else. */
export const esSinkPort = port('ES_SINK_PORT', 'HTTP port', 3003);
