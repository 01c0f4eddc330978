import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger, PipelineMetrics, Readiness } from '@pipeline/observability';
import { type Kafka, type ProducerBatch } from 'kafkajs';
import { Registry } from 'prom-client';
import { type PublisherOptions } from './publisher-options.ts';
import { RecordPublisher } from './record-publisher.ts';

/** The client library's producer, answering only when told to. */
class MemoryProducer {
  readonly requests: {
    readonly values: string[];
    readonly ack: () => void;
    readonly refuse: (error: Error) => void;
  }[] = [];
  connectFailures = 0;
  clusterDown = false;

  readonly kafka = {
    producer: () => ({
      connect: () =>
        this.connectFailures-- > 0 ? Promise.reject(new Error('no broker')) : Promise.resolve(),
      disconnect: () => Promise.resolve(),
      sendBatch: ({ topicMessages = [] }: ProducerBatch) =>
        new Promise<void>((resolve, reject) => {
          const values = topicMessages.flatMap(({ topic, messages }) =>
            messages.map(({ value }) => `${topic}:${String(value)}`),
          );
          this.requests.push({ values, ack: resolve, refuse: reject });
        }),
    }),
    admin: () => ({
      connect: () => Promise.resolve(),
      disconnect: () => Promise.resolve(),
      describeCluster: () => (this.clusterDown ? Promise.reject(new Error('down')) : Promise.resolve({})),
    }),
  } as unknown as Kafka;
}

const SETTINGS: PublisherOptions = {
  acks: 'all',
  compression: 'none',
  maxBatchBytes: 1_000,
  maxQueueBytes: 10_000,
  timeoutMs: 200,
  retries: 0,
};

const publishers: RecordPublisher[] = [];

afterEach(async () => {
  await Promise.all(publishers.splice(0).map((publisher) => publisher.close()));
});

async function start(producer = new MemoryProducer(), settings: Partial<PublisherOptions> = {}) {
  const readiness = new Readiness();
  const publisher = new RecordPublisher({
    connection: { brokers: ['memory:1'], clientId: 'spec', tls: undefined, sasl: undefined },
    settings: { ...SETTINGS, ...settings },
    logger: createLogger('spec', 'silent'),
    metrics: new PipelineMetrics(new Registry()),
    readiness,
    kafka: producer.kafka,
  });
  publishers.push(publisher);
  publisher.connect();
  await turn();
  return { publisher, producer, readiness };
}

const turn = async () => {
  for (let round = 0; round < 3; round++) await new Promise(setImmediate);
};

const record = (value: string) => ({ key: 'k', value });

/** Resolves to the outcome, so that a pending promise can be told from a settled one. */
function outcomeOf(promise: Promise<void>) {
  const outcome = { state: 'pending' };
  promise.then(
    () => (outcome.state = 'acknowledged'),
    (error: { code?: string }) => (outcome.state = error.code ?? 'unknown'),
  );
  return outcome;
}

describe('RecordPublisher', () => {
  it('resolves a caller only after the broker has acknowledged', async () => {
    const { publisher, producer } = await start();
    const outcome = outcomeOf(publisher.publish('t', [record('a')]));
    await turn();
    expect(producer.requests[0]!.values).toEqual(['t:a']);
    expect(outcome.state).toBe('pending');
    producer.requests[0]!.ack();
    await turn();
    expect(outcome.state).toBe('acknowledged');
  });

  it('sends at once when idle, and shares one request between all callers that come while one is under way', async () => {
    const { publisher, producer } = await start();
    const first = outcomeOf(publisher.publish('t', [record('a')]));
    await turn();
    const others = ['b', 'c', 'd'].map((value) => outcomeOf(publisher.publish('t', [record(value)])));
    await turn();
    expect(producer.requests).toHaveLength(1);
    producer.requests[0]!.ack();
    await turn();
    expect(producer.requests[1]!.values).toEqual(['t:b', 't:c', 't:d']);
    producer.requests[1]!.ack();
    await turn();
    expect([first, ...others].map(({ state }) => state)).toEqual(Array(4).fill('acknowledged'));
  });

  it('splits a large call over several requests and resolves it after the last', async () => {
    const { publisher, producer } = await start();
    const outcome = outcomeOf(publisher.publish('t', [record('a'.repeat(600)), record('b'.repeat(600))]));
    await turn();
    producer.requests[0]!.ack();
    await turn();
    expect(outcome.state).toBe('pending');
    producer.requests[1]!.ack();
    await turn();
    expect(outcome.state).toBe('acknowledged');
  });

  it('rejects what a refused request carried and goes on with the next', async () => {
    const { publisher, producer } = await start();
    const refused = outcomeOf(publisher.publish('t', [record('a')]));
    await turn();
    const next = outcomeOf(publisher.publish('t', [record('b')]));
    producer.requests[0]!.refuse(new Error('leader gone'));
    await turn();
    producer.requests[1]!.ack();
    await turn();
    expect([refused.state, next.state]).toEqual(['broker-unavailable', 'acknowledged']);
  });

  it('refuses at once when the queue is full, and takes records again when there is room', async () => {
    const { publisher, producer } = await start(undefined, { maxQueueBytes: 1_000 });
    const taken = outcomeOf(publisher.publish('t', [record('a'.repeat(900))]));
    const refused = outcomeOf(publisher.publish('t', [record('b'.repeat(900))]));
    await turn();
    expect(refused.state).toBe('buffer-full');
    producer.requests[0]!.ack();
    await turn();
    expect(taken.state).toBe('acknowledged');
    expect(publisher.pendingBytes).toBe(0);
    const later = outcomeOf(publisher.publish('t', [record('c'.repeat(900))]));
    await turn();
    producer.requests[1]!.ack();
    await turn();
    expect(later.state).toBe('acknowledged');
  });

  it('refuses a record that no topic takes, and only that call', async () => {
    const { publisher, producer } = await start(undefined, { maxQueueBytes: 10_000_000 });
    const tooLarge = outcomeOf(publisher.publish('t', [record('x'.repeat(1_000_001))]));
    const fits = outcomeOf(publisher.publish('t', [record('a')]));
    await turn();
    producer.requests[0]!.ack();
    await turn();
    expect([tooLarge.state, fits.state]).toEqual(['record-too-large', 'acknowledged']);
  });

  it('answers within the publish time-out when the broker is silent, then refuses at once, and recovers', async () => {
    const { publisher, producer, readiness } = await start();
    const started = performance.now();
    await expect(publisher.publish('t', [record('a')])).rejects.toMatchObject({ code: 'broker-unavailable' });
    expect(performance.now() - started).toBeLessThan(SETTINGS.timeoutMs + 300);
    await expect(publisher.publish('t', [record('b')])).rejects.toMatchObject({ code: 'broker-unavailable' });
    expect(readiness.notReady()).toHaveProperty('publisher');
    producer.requests[0]!.ack();
    await turn();
    const after = outcomeOf(publisher.publish('t', [record('c')]));
    await turn();
    producer.requests[1]!.ack();
    await turn();
    expect(after.state).toBe('acknowledged');
    expect(readiness.notReady()).toEqual({});
  });

  it('becomes ready again without traffic once the cluster answers', async () => {
    const { publisher, producer, readiness } = await start();
    const refused = outcomeOf(publisher.publish('t', [record('a')]));
    await turn();
    producer.requests[0]!.refuse(new Error('connection lost'));
    await turn();
    expect(refused.state).toBe('broker-unavailable');
    expect(readiness.notReady()).toHaveProperty('publisher');
    const deadline = performance.now() + 3_000;
    while ('publisher' in readiness.notReady() && performance.now() < deadline) await turn();
    expect(readiness.notReady()).toEqual({});
  });

  it('refuses until it is connected, and connects as soon as Kafka is there', async () => {
    const producer = new MemoryProducer();
    producer.connectFailures = 1;
    const { publisher, readiness } = await start(producer);
    await expect(publisher.publish('t', [record('a')])).rejects.toMatchObject({ code: 'broker-unavailable' });
    const deadline = performance.now() + 3_000;
    while ('publisher' in readiness.notReady() && performance.now() < deadline) await turn();
    void publisher.publish('t', [record('b')]);
    await turn();
    producer.requests[0]!.ack();
    expect(producer.requests[0]!.values).toEqual(['t:b']);
  });

  it('sends what is queued before it closes, and refuses afterwards', async () => {
    const { publisher, producer } = await start();
    const outcomes = ['a', 'b'].map((value) => outcomeOf(publisher.publish('t', [record(value)])));
    const closed = publisher.close();
    await expect(publisher.publish('t', [record('late')])).rejects.toMatchObject({ code: 'closed' });
    await turn();
    producer.requests[0]!.ack();
    await closed;
    expect(outcomes.map(({ state }) => state)).toEqual(['acknowledged', 'acknowledged']);
  });
});
