import { createLogger, Readiness } from '@pipeline/observability';
import { expect } from '@jest/globals';
import { Registry } from 'prom-client';
import { MemoryBatchSender } from '@pipeline/kafka-driver/testing';
import { type MemoryFallbackLog } from './fallback-log.double.ts';
import { publisherMetrics } from '../src/publish/publisher-metrics.ts';
import { type PublisherOptions } from '../src/publish/publisher-options.ts';
import { RecordPublisher } from '../src/publish/record-publisher.ts';

const SETTINGS: PublisherOptions = {
  acks: 'all',
  compression: 'none',
  maxBatchBytes: 1_000,
  maxQueueBytes: 10_000,
  timeoutMs: 200,
  retries: 0,
};

const publishers: RecordPublisher[] = [];

/** Closes what `start` has started. */
export async function closePublishers(): Promise<void> {
  await Promise.all(publishers.splice(0).map((publisher) => publisher.close()));
}

export interface Start {
  /** Of every topic. */
  readonly sender?: MemoryBatchSender;
  readonly settings?: Partial<PublisherOptions>;
  readonly fallback?: MemoryFallbackLog;
}

/** A connected publisher of one topic on brokers in memory, which hold every request until the spec answers it. */
export async function start({ sender = new MemoryBatchSender(), ...options }: Start = {}) {
  const parts = open(['t'], () => sender, options);
  await turn();
  sender.isHolding = true;
  return { ...parts, sender };
}

/** A connected publisher of several topics, each on brokers of its own in memory. */
export async function startTopics(topics: readonly string[], options: Omit<Start, 'sender'>) {
  const senders = new Map<string, MemoryBatchSender>();
  const parts = open(
    topics,
    (topic) => {
      const sender = new MemoryBatchSender();
      senders.set(topic, sender);
      return sender;
    },
    options,
  );
  await turn();
  return { ...parts, senders };
}

function open(
  topics: readonly string[],
  createSender: (topic: string) => MemoryBatchSender,
  { settings, fallback }: Omit<Start, 'sender'>,
) {
  const readiness = new Readiness();
  const registry = new Registry();
  const publisher = new RecordPublisher({
    connection: { brokers: ['memory:1'], clientId: 'spec', tls: undefined, sasl: undefined },
    settings: { ...SETTINGS, ...settings },
    logger: createLogger('spec', 'silent'),
    registry,
    topics,
    readiness,
    createSender,
    ...(fallback && { fallback }),
  });
  publishers.push(publisher);
  publisher.connect();
  return { publisher, readiness, metrics: publisherMetrics(registry) };
}

export const turn = async () => {
  for (let round = 0; round < 5; round++) await new Promise(setImmediate);
};

export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!condition() && performance.now() < deadline) await turn();
  expect(condition()).toBe(true);
}

export const record = (value: string) => ({ key: 'k', value });

/** Resolves to the outcome, so that a pending promise can be told from a settled one. */
export function outcomeOf(promise: Promise<string>) {
  const outcome = { state: 'pending' };
  promise.then(
    (to) => (outcome.state = to),
    (error: { code?: string }) => (outcome.state = error.code ?? 'unknown'),
  );
  return outcome;
}
