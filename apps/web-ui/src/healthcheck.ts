import { defineSettings, loadOrExit } from '@pipeline/config';
import { checkHealth } from '@pipeline/observability/check-health';
import { webUiPort } from './web-ui.port.ts';

await checkHealth(loadOrExit(defineSettings({ port: webUiPort })).port);
