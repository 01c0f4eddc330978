import { defineSettings, loadOrExit } from '@pipeline/config';
import { checkHealth, listenSettings } from '@pipeline/observability/check-health';
import { collectorApiPort } from './collector-api.port.ts';

await checkHealth(loadOrExit(defineSettings(listenSettings(collectorApiPort))));
