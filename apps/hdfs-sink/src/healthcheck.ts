import { defineSettings, loadOrExit } from '@pipeline/config';
import { checkHealth, listenSettings } from '@pipeline/observability/check-health';
import { hdfsSinkPort } from './hdfs-sink.port.ts';

await checkHealth(loadOrExit(defineSettings(listenSettings(hdfsSinkPort))));
