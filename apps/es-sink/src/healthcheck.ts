import { defineSettings, loadOrExit } from '@pipeline/config';
import { checkHealth, listenSettings } from '@pipeline/observability/check-health';
import { esSinkPort } from './es-sink.port.ts';

await checkHealth(loadOrExit(defineSettings(listenSettings(esSinkPort))));
