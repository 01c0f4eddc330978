import { milliseconds, oneOf, type Setting } from '@pipeline/config';
import { listenSettings } from './listen-settings.ts';
import { LOG_LEVELS } from './logger.ts';

/** Settings that every app has; spread into its `defineSettings`. */
export function appSettings(port: Setting<number>) {
  return {
    ...listenSettings(port),
    logLevel: oneOf('LOG_LEVEL', 'Least severe level that is logged', LOG_LEVELS, 'info'),
    shutdownGraceMs: milliseconds('SHUTDOWN_GRACE_MS', 'Time for a clean stop after SIGTERM', {
      fallback: '25000',
    }),
  };
}
