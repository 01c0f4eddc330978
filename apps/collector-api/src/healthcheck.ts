import { loadOrExit } from '@pipeline/config';
import { checkHealth } from '@pipeline/observability';
import { collectorApiSettings } from './collector-api.config.ts';

await checkHealth(loadOrExit(collectorApiSettings).port);
