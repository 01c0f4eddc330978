import { port } from '@pipeline/config';

/** By itself, because the health check loads nothing else. */
export const webUiPort = port('WEB_UI_PORT', 'HTTP port', 3000);
