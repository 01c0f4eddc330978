import { type Logger } from '@pipeline/observability';
import { type Consumer } from './kafkajs/kafkajs.ts';

/** Kafka's names of what an operator has taken away and can give back. */
const REFUSALS = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
]);

/** Whether kafkajs failed because the brokers refuse the login, or what it may do. */
export function isRefusal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, type, cause } = error as Error & { readonly type?: string };
  return name === 'KafkaJSSASLAuthenticationError' || REFUSALS.has(type ?? '') || isRefusal(cause);
}

export interface CrashReactions {
  readonly logger: Logger;
  /** Says for `/readyz` why the consumer takes nothing. */
  readonly onCrash: (reason: string) => void;
  /**
   * kafkajs has given the consumer up for a permission or a login that the brokers refuse. An operator gives it back: the
   * consumer is to be started again until then.
   */
  readonly onRefused: (error: Error) => void;
  /** kafkajs has given the consumer up: it will never take anything again. */
  readonly onFatal: (error: Error) => void;
}

/**
 * Every consumer of ours is watched with it: a consumer that kafkajs gives up leaves its process alive and silent
 * (nestjs/nest#11910).
 */
export function watchCrashes(
  consumer: Pick<Consumer, 'on' | 'events'>,
  { logger, onCrash, onRefused, onFatal }: CrashReactions,
): void {
  consumer.on(consumer.events.CRASH, ({ payload: { error, groupId, restart } }) => {
    onCrash(`consumer crashed: ${error.message}`);
    logger.warn({ err: error, group: groupId, restart }, 'consumer crashed');
    if (restart) return;
    if (isRefusal(error)) onRefused(error);
    else onFatal(error);
  });
}

/**
 * Ends the process because a consumer can never recover: a process that lives on without its consumer looks healthy
 * and does nothing (nestjs/nest#11910), one that ends is restarted.
 */
export function endProcess(logger: Logger): (error: Error) => void {
  return (error) => {
    logger.fatal({ err: error }, 'consumer ended for good');
    process.exit(1);
  };
}
