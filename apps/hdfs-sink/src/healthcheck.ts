import { loadOrExit } from '@pipeline/config';
import { checkHealth } from '@pipeline/observability';
import { hdfsSinkSettings } from './hdfs-sink.config.ts';

await checkHealth(loadOrExit(hdfsSinkSettings).port);
