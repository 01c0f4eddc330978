import { type Logger } from '@pipeline/observability';
import { type Consumer } from 'kafkajs';

export interface CrashReactions {
  readonly logger: Logger;
  /** Says for `/readyz` why the consumer takes nothing. */
  readonly onCrash: (reason: string) => void;
  /** kafkajs has given the consumer up: it will never take anything again. */
  readonly onFatal: (error: Error) => void;
}

/**
 * Every consumer of ours is watched with it: a consumer that kafkajs gives up leaves its process alive and silent
 * (nestjs/nest#11910).
 */
export function watchCrashes(
  consumer: Pick<Consumer, 'on' | 'events'>,
  { logger, onCrash, onFatal }: CrashReactions,
): void {
  consumer.on(consumer.events.CRASH, ({ payload: { error, groupId, restart } }) => {
    onCrash(`consumer crashed: ${error.message}`);
    logger.warn({ err: error, group: groupId, restart }, 'consumer crashed');
    if (!restart) onFatal(error);
  });
}
