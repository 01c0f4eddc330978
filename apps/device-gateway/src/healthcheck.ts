import { checkHealth } from '@pipeline/observability/check-health';

await checkHealth('device-gateway');
