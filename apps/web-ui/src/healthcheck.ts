import { defineSettings, loadOrExit } from '@pipeline/config';
import { checkHealth, listenSettings } from '@pipeline/observability/check-health';
import { webUiPort } from './web-ui.port.ts';

await checkHealth(loadOrExit(defineSettings(listenSettings(webUiPort))));
