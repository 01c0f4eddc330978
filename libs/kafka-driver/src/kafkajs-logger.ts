import { type Logger } from '@pipeline/observability';
import kafkajs, { type logCreator } from 'kafkajs';

/**
 * Bridges kafkajs's log to ours. kafkajs reports every pause, join and retry as info or error although it goes on by
 * itself, so its info becomes debug and its errors warnings; what ends a consumer is reported by our own code.
 */
export function kafkajsLogger(logger: Logger): logCreator {
  return () =>
    ({
      level,
      namespace,
      log: { message, timestamp: _timestamp, logger: _logger, stack: _stack, ...fields },
    }) => {
      const entry = { kafkajs: namespace, ...fields };
      if (level === kafkajs.logLevel.ERROR || level === kafkajs.logLevel.WARN) logger.warn(entry, message);
      else logger.debug(entry, message);
    };
}
