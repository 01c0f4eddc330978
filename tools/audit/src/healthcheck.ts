import { defineSettings, loadOrExit } from '@pipeline/config';
import { checkHealth, listenSettings } from '@pipeline/observability/check-health';
import { auditPort } from './audit.port.ts';

await checkHealth(loadOrExit(defineSettings(listenSettings(auditPort))));
