import { port } from '@pipeline/config';

/** By itself, because the health check loads nothing else. */
export const hdfsSinkPort = port('HDFS_SINK_PORT', 'HTTP port', 3002);
