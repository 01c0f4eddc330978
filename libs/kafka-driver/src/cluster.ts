import { readFileSync } from 'node:fs';
import { type Logger } from '@pipeline/observability';
import { install } from './kafkajs/install.ts';
import { type KafkaConnection, type SaslLogin } from './kafka-connection.ts';
import {
  kafkajs,
  type KafkaConfig,
  type KafkajsCluster,
  type logCreator,
  privateModule,
  type SASLOptions,
} from './kafkajs/kafkajs.ts';
import { createSocket } from './socket.ts';

export interface ClientTimeouts {
  /** One request, in milliseconds. */
  readonly requestTimeoutMs: number;
  readonly connectionTimeoutMs: number;
  /** Attempts inside kafkajs before it gives an error back. */
  readonly retries: number;
  /** Longest pause between those attempts, in milliseconds. */
  readonly maxRetryTimeMs: number;
}

export const PATIENT: ClientTimeouts = {
  requestTimeoutMs: 15_000,
  connectionTimeoutMs: 3_000,
  retries: 8,
  maxRetryTimeMs: 5_000,
};

const METADATA_MAX_AGE_MS = 30_000;

/** A cluster without a producer, consumer or admin on top of it. @param options more of what kafkajs takes. */
export function createCluster(
  connection: KafkaConnection,
  logger: Logger,
  timeouts: ClientTimeouts,
  options: object = {},
): KafkajsCluster {
  const { logCreator: _logCreator, ...config } = kafkajsConfig(connection, logger, timeouts);
  const Cluster = privateModule('src/cluster');
  return new Cluster({
    ...config,
    logger: kafkajsLogger(logger),
    metadataMaxAge: METADATA_MAX_AGE_MS,
    allowAutoTopicCreation: false,
    maxInFlightRequests: null,
    ...options,
  });
}

/** What all clients of this package are made of: kafkajs is changed, logs are structured. */
export function kafkajsConfig(
  connection: KafkaConnection,
  logger: Logger,
  timeouts: ClientTimeouts,
): KafkaConfig {
  install();
  return {
    clientId: connection.clientId,
    brokers: [...connection.brokers],
    connectionTimeout: timeouts.connectionTimeoutMs,
    requestTimeout: timeouts.requestTimeoutMs,
    enforceRequestTimeout: true,
    socketFactory: createSocket,
    retry: { retries: timeouts.retries, initialRetryTime: 100, maxRetryTime: timeouts.maxRetryTimeMs },
    logCreator: logCreatorOf(logger),
    ...(connection.tls ? { ssl: tlsOptions(connection.tls.caFile) } : {}),
    ...(connection.sasl ? { sasl: saslOptions(connection.sasl) } : {}),
  };
}

/** kafkajs's own logger, which tells ours. */
export function kafkajsLogger(logger: Logger): object {
  const { createLogger } = privateModule('src/loggers');
  return createLogger({ level: kafkajs.logLevel.INFO, logCreator: logCreatorOf(logger) });
}

/**
 * Bridges kafkajs's log to ours. kafkajs reports every pause, join and retry as info or error although it continues by
 * itself, so its info becomes debug and its errors warnings; what ends a consumer is reported by our own code.
 */
function logCreatorOf(logger: Logger): logCreator {
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

/**
 * Gives up the connections of a cluster and whatever waits on them. To disconnect, kafkajs waits for all of that, and a
 * connection that the brokers throttle would stay for as long as they have asked for: minutes, or hours.
 */
export function abandon(cluster: KafkajsCluster): void {
  const { seedBroker, brokers } = cluster.brokerPool;
  const error = new Error('The connection was given up');
  for (const broker of new Set([seedBroker, ...Object.values(brokers)])) {
    broker?.connectionPool.map((connection) => {
      connection.rejectRequests(error);
      connection.socket?.destroy();
    });
  }
  void cluster.disconnect().catch(() => undefined);
}
