import { milliseconds, oneOf } from '@pipeline/config';
import { type AppName } from '@pipeline/event-schema/apps';
import { listenSettings } from './listen-settings.ts';
import { LOG_LEVELS } from './logger.ts';

/** Settings that every app has; spread into its `defineSettings`. */
export function appSettings(app: AppName) {
  return {
    ...listenSettings(app),
    logLevel: oneOf('LOG_LEVEL', 'Lowest level that is logged', LOG_LEVELS, 'info'),
    shutdownGraceMs: milliseconds('SHUTDOWN_GRACE_MS', 'Longest time for a clean stop after SIGTERM', {
      fallback: '25000',
    }),
  };
}
