import 'reflect-metadata';
import { type Environment } from '@pipeline/config';
import { appLogger, runApp } from '@pipeline/observability';
import { followSettings } from '../audit.config.ts';
import { FollowModule } from './follow.module.ts';

/** The continuous audit, until it is stopped by a signal. @throws ConfigError */
export async function runFollow(environment: Environment): Promise<void> {
  const config = followSettings.load(environment);
  const logger = appLogger('audit', config);
  logger.info({ settings: followSettings.redact(config) }, 'settings read');
  await runApp(FollowModule.forRoot(config, logger), { ...config, logger });
}
