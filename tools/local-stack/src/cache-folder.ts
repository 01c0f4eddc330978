import { defineSettings, environment } from '@pipeline/config';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { machineSettings } from './local-stack.config.ts';

/** Where whatever was fetched or built once is kept for all work trees of this user. */
export function cacheFolder(): string {
  const { cacheHome } = defineSettings(machineSettings).load(environment());
  return join(cacheHome === '' ? join(homedir(), '.cache') : cacheHome, 'web-event-pipeline');
}
