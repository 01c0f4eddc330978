import { readFileSync } from 'node:fs';
import { type Logger } from '@pipeline/observability';
import kafkajs, { type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { boundFetches } from './patches/fetch-patch.ts';
import { registerCodecs } from './codecs.ts';
import { type KafkaConnection, type SaslLogin } from './kafka-connection.ts';
import { createKafkajsCluster, type KafkajsCluster } from './kafkajs-cluster.ts';
import { kafkajsLogger } from './kafkajs-logger.ts';
import { keepMetadataOfOtherTopics } from './patches/metadata-patch.ts';
import { waitLessWhilePaused } from './patches/fetch-wait-patch.ts';
import { receiveInPlace } from './patches/receive-patch.ts';
import { stopIdleTimerLoop } from './patches/request-queue-patch.ts';
import { createSocket } from './socket.ts';
import { letSyncGroupWait } from './patches/sync-group-patch.ts';

registerCodecs();
stopIdleTimerLoop();
letSyncGroupWait();
waitLessWhilePaused();
receiveInPlace();
boundFetches();
keepMetadataOfOtherTopics();

export interface ClientTimeouts {
  /** One request, in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly connectionTimeoutMs: number;
  /** Attempts inside kafkajs before it gives an error back. */
  readonly retries: number;
  /** Longest pause between those attempts, in milliseconds. */
  readonly maxRetryTimeMs: number;
}

const PATIENT: ClientTimeouts = {
  requestTimeoutMs: 15_000,
  connectionTimeoutMs: 3_000,
  retries: 8,
  maxRetryTimeMs: 5_000,
};

/** The only place that makes kafkajs clients: codecs registered, idle timers quiet, logs structured. */
export function createKafka(connection: KafkaConnection, logger: Logger, timeouts = PATIENT): Kafka {
  return new kafkajs.Kafka(kafkajsConfig(connection, logger, timeouts));
}

/** A cluster without a producer, consumer or admin on top of it. */
export function createCluster(
  connection: KafkaConnection,
  logger: Logger,
  timeouts: ClientTimeouts,
): KafkajsCluster {
  return createKafkajsCluster(kafkajsConfig(connection, logger, timeouts));
}

function kafkajsConfig(connection: KafkaConnection, logger: Logger, timeouts: ClientTimeouts): KafkaConfig {
  return {
    clientId: connection.clientId,
    brokers: [...connection.brokers],
    connectionTimeout: timeouts.connectionTimeoutMs,
    requestTimeout: timeouts.requestTimeoutMs,
    enforceRequestTimeout: true,
    socketFactory: createSocket,
    retry: { retries: timeouts.retries, initialRetryTime: 100, maxRetryTime: timeouts.maxRetryTimeMs },
    logCreator: kafkajsLogger(logger),
    ...(connection.tls ? { ssl: tlsOptions(connection.tls.caFile) } : {}),
    ...(connection.sasl ? { sasl: saslOptions(connection.sasl) } : {}),
  };
}

function tlsOptions(caFile: string) {
  return caFile === '' ? true : { ca: [readFileSync(caFile, 'utf8')] };
}

function saslOptions({ mechanism, username, password }: SaslLogin): SASLOptions {
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password };
    case 'scram-sha-256':
      return { mechanism, username, password };
    case 'scram-sha-512':
      return { mechanism, username, password };
  }
}
