import { defineSettings, loadOrExit } from '@pipeline/config';
import { checkHealth } from '@pipeline/observability/check-health';
import { hdfsSinkPort } from './hdfs-sink.port.ts';

await checkHealth(loadOrExit(defineSettings({ port: hdfsSinkPort })).port);
