import { loadOrExit } from '@pipeline/config';
import { checkHealth } from '@pipeline/observability';
import { esSinkSettings } from './es-sink.config.ts';

await checkHealth(loadOrExit(esSinkSettings).port);
