import 'reflect-metadata';
import { type Environment } from '@pipeline/config';
import { createLogger, runApp } from '@pipeline/observability';
import { followSettings } from '../audit.config.ts';
import { FollowModule } from './follow.module.ts';

/** The continuous audit, until it is stopped by a signal. @throws ConfigError */
export async function runFollow(environment: Environment): Promise<void> {
  const config = followSettings.load(environment);
  const logger = createLogger('audit', config.logLevel);
  logger.info({ settings: followSettings.redact(config) }, 'settings read');
  await runApp(FollowModule.forRoot(config, logger), { ...config, logger });
}
