import { loadOrExit } from '@pipeline/config';
import { checkHealth } from '@pipeline/observability';
import { webUiSettings } from './web-ui.config.ts';

await checkHealth(loadOrExit(webUiSettings).port);
