import { type Logger } from '@pipeline/observability';
import { createCluster } from './cluster.ts';
import { type KafkaConnection } from './kafka-connection.ts';
import { type BatchSender } from './batch-sender.ts';
import { KafkajsBatchSender } from './kafkajs.batch-sender.ts';

/** Failures come back quickly: whoever sends decides about repetitions. */
const TIMEOUTS = { requestTimeoutMs: 5_000, connectionTimeoutMs: 1_000, maxRetryTimeMs: 500, retries: 0 };
const REPLICATION_TIMEOUT_MS = 5_000;

/** A connection of its own to the brokers; nothing is opened before it is used. */
export function createBatchSender(
  connection: KafkaConnection,
  acks: 'all' | 'leader',
  logger: Logger,
): BatchSender {
  let connections = 0;
  return new KafkajsBatchSender({
    // Without repetitions kafkajs asks the first broker of the list only: were that one gone, nobody else would be asked.
    createCluster: () => {
      const brokers = startingAt(connection.brokers, connections++);
      return createCluster({ ...connection, brokers }, logger, TIMEOUTS);
    },
    acks,
    replicationTimeoutMs: REPLICATION_TIMEOUT_MS,
  });
}

function startingAt(brokers: readonly string[], position: number): string[] {
  const first = position % brokers.length;
  return [...brokers.slice(first), ...brokers.slice(0, first)];
}
