import { type KafkaConnection } from '@pipeline/kafka-transport';
import { type LocalStack } from '@pipeline/local-stack';
import { createLogger } from '@pipeline/observability';

export const silent = createLogger('bench', 'silent');

export function connectionTo({ kafkaBrokers }: Pick<LocalStack, 'kafkaBrokers'>): KafkaConnection {
  return { brokers: kafkaBrokers, clientId: 'bench', tls: undefined, sasl: undefined };
}
