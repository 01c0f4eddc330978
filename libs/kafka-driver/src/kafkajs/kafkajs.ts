/**
 * The door to kafkajs: the only file of the product that imports it and its private modules. kafkajs is frozen (its last
 * release is of 2023), and this package depends on how version 2.2.4 is made inside: {@link install} refuses any other.
 */
import { createRequire } from 'node:module';
import { type Socket } from 'node:net';
import kafkajs, { type Consumer, type KafkaConfig } from 'kafkajs';

export { kafkajs };
export type {
  Admin,
  Batch,
  Consumer,
  ConsumerConfig,
  EachBatchPayload,
  EachMessagePayload,
  ISocketFactory,
  Kafka,
  KafkaConfig,
  KafkaMessage,
  logCreator,
  Message,
  ProducerConfig,
  SASLOptions,
} from 'kafkajs';

/** A connection to one broker, on its way between requests and a socket. */
export interface KafkajsConnection {
  readonly clientId: string;
  /** Absent before it has connected. */
  readonly socket: Socket;
  /** During a login that is not made of Kafka's requests. */
  readonly authHandlers: object | null;
  readonly requestQueue: {
    push(request: object): void;
    maybeThrottle(ms: number): void;
    fulfillRequest(answer: { size: number; correlationId: number; payload: Buffer }): void;
  };
  isAuthenticated(): boolean;
  authenticate(): Promise<void>;
  failIfNotConnected(): void;
  nextCorrelationId(): number;
  rejectRequests(error: Error): void;
  processData(chunk: Buffer): void;
}

/** The connections to one broker. */
export interface ConnectionPool {
  getConnectionByRequest(request: { request: { apiKey: number } }): Promise<KafkajsConnection>;
  map<T>(of: (connection: KafkajsConnection) => T): T[];
}

export interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  readonly enforceRequestTimeout: boolean;
  readonly inflight: ReadonlyMap<
    number,
    { readonly sentAt: number; readonly requestTimeout: number; timeoutRequest(): void }
  >;
  requestTimeoutIntervalId: NodeJS.Timeout;
  isConnected(): boolean;
  destroy(): void;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
}

/** A request of one API in one version, and how its answer is read. */
export interface KafkajsRequest {
  readonly request: { readonly apiKey: number; readonly apiVersion: number };
  readonly response: {
    readonly decode: (answer: Buffer) => Promise<object>;
    /** @throws what the answer's error codes mean. */
    readonly parse: (decoded: object) => Promise<object>;
  };
  readonly requestTimeout?: number;
}

/** Finds what makes requests of an API, in the version that the broker and kafkajs know. */
export type Lookup = (apiKey: number, definition: object) => (fields: object) => KafkajsRequest;

export interface KafkajsBroker {
  readonly connectionPool: ConnectionPool;
  /** Set when the broker is connected to. */
  lookupRequest: Lookup;
  disconnect(): Promise<void>;
  leaveGroup(member: { groupId: string; memberId: string }): Promise<unknown>;
  initProducerId(request: {
    transactionalId: null;
    transactionTimeout: number;
  }): Promise<{ producerId: string; producerEpoch: number }>;
  offsetFetch(question: {
    readonly groupId: string;
    readonly topics: readonly PartitionsOfTopic[];
  }): Promise<{ readonly responses: readonly OffsetsOfTopic[] }>;
}

interface PartitionsOfTopic {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number }[];
}

export interface OffsetsOfTopic {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly offset: string;
    readonly metadata?: string | null;
  }[];
}

/** kafkajs's view of a cluster: connections, metadata, leaders. Its public clients hide all of it. */
export interface KafkajsCluster {
  readonly brokerPool: {
    readonly seedBroker?: KafkajsBroker;
    readonly brokers: Readonly<Record<string, KafkajsBroker>>;
    metadataExpireAt: number | null;
    createBroker(this: void, options: object): KafkajsBroker;
    refreshMetadata(topics: readonly string[]): Promise<void>;
    /** One to which a connection is open, where there is any. */
    findConnectedBroker(): Promise<KafkajsBroker>;
  };
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  refreshMetadataIfNecessary(): Promise<void>;
  addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
  findTopicPartitionMetadata(topic: string): readonly { partitionId: number; leader: number }[];
  findBroker(options: { nodeId: number }): Promise<KafkajsBroker>;
  findControllerBroker(): Promise<KafkajsBroker>;
  findGroupCoordinator(options: { groupId: string }): Promise<KafkajsBroker>;
  fetchTopicsOffset(
    topics: readonly (PartitionsOfTopic & { readonly fromBeginning: boolean })[],
  ): Promise<readonly OffsetsOfTopic[]>;
}

interface PrivateModules {
  readonly 'package.json': { readonly version: string };
  readonly 'src/cluster': new (options: object) => KafkajsCluster;
  readonly 'src/consumer': (options: object) => Consumer;
  readonly 'src/consumer/consumerGroup': {
    readonly prototype: {
      maxWaitTime: number;
      readonly subscriptionState: { paused(): readonly unknown[] };
    };
  };
  readonly 'src/instrumentation/emitter': new () => object;
  readonly 'src/loggers': {
    readonly createLogger: (options: { level: number; logCreator: KafkaConfig['logCreator'] }) => object;
  };
  readonly 'src/network/connection': { readonly prototype: KafkajsConnection };
  readonly 'src/network/requestQueue': { readonly prototype: RequestQueue };
  readonly 'src/protocol/decoder': new (bytes: Buffer) => object;
  readonly 'src/protocol/error': { readonly createErrorFromCode: (code: number) => Error };
  readonly 'src/protocol/requests/fetch/v4/decodeMessages': (
    decoder: object,
  ) => Promise<kafkajs.KafkaMessage[]>;
}

const require = createRequire(import.meta.url);

/** A module of kafkajs that it does not offer to others. */
export function privateModule<Name extends keyof PrivateModules>(name: Name): PrivateModules[Name] {
  return require(`kafkajs/${name}`) as PrivateModules[Name];
}
