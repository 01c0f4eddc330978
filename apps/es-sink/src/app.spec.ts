import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CustomTransportStrategy, Server, Transport } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { deadLetterTopic, STORED_TOPICS, GROUPS, QUERY_TOPICS, TOPICS } from '@pipeline/event-schema';
import {
  BatchContext,
  KAFKA_BATCH,
  KafkaBatchServer,
  type KafkaRecord,
  type OutgoingRecord,
  type PartitionAssignment,
  QueryServer,
  RecordPublisher,
} from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { lastValueFrom } from 'rxjs';
import { FakeElasticsearch } from '@pipeline/testing/fake-stores';
import { SinkAppModule } from '@pipeline/sink-runtime';
import { esSink } from './es-sink.ts';
import { owned, rangeOf, record, recordsOf } from '../testing/records.fixture.ts';

/** A transport without a network: what Kafka would deliver is delivered by the spec. */
class MemoryTransport extends Server implements CustomTransportStrategy {
  constructor(override readonly transportId: Transport | symbol) {
    super();
  }

  listen(callback: () => void): void {
    callback();
  }

  close(): void {
    return undefined;
  }

  on(): never {
    throw new Error('no events');
  }

  unwrap<T>(): T {
    throw new Error('nothing inside');
  }

  async deliver(pattern: string, payload: unknown, context?: BatchContext): Promise<unknown> {
    const handler = this.getHandlerByPattern(pattern)!;
    return lastValueFrom(this.transformToObservable(await handler(payload, context)), {
      defaultValue: undefined,
    });
  }
}

/** Takes what would go to Kafka, by topic. */
class MemoryPublisher implements Pick<RecordPublisher, 'publish' | 'close'> {
  readonly published = new Map<string, OutgoingRecord[]>();

  publish(topic: string, records: readonly OutgoingRecord[]): Promise<'broker'> {
    this.published.set(topic, [...(this.published.get(topic) ?? []), ...records]);
    return Promise.resolve('broker');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

const ASSIGNMENT: PartitionAssignment = {
  topic: TOPICS.selectColor.name,
  partition: 0,
  committedOffset: 0n,
  committedByPipeline: true,
  shareBytes: 1 << 20,
  draining: owned(),
  revoked: owned(),
};

let server: FakeElasticsearch;
let app: NestFastifyApplication;
let batches: MemoryTransport;
let questions: MemoryTransport;
let publisher: MemoryPublisher;

beforeEach(async () => {
  server = await FakeElasticsearch.start();
  batches = new MemoryTransport(KAFKA_BATCH);
  questions = new MemoryTransport(Transport.KAFKA);
  publisher = new MemoryPublisher();
  const config = esSink.settings.load({
    KAFKA_BROKERS: '127.0.0.1:1',
    ELASTICSEARCH_NODE: server.url,
    ES_SINK_PROBE_INTERVAL_MS: '10',
    ES_SINK_FLUSH_MAX_AGE_MS: '1',
  });
  const testing = await Test.createTestingModule({
    imports: [SinkAppModule.forRoot(esSink, config, createLogger('spec', 'silent'))],
  })
    .overrideProvider(KafkaBatchServer)
    .useValue(batches)
    .overrideProvider(QueryServer)
    .useValue(questions)
    .overrideProvider(RecordPublisher)
    .useValue(publisher)
    .compile();
  app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  for (const strategy of [batches, questions]) app.connectMicroservice({ strategy });
  await app.startAllMicroservices();
  await app.init();
});

afterEach(async () => {
  await app.close();
  await server.stop();
});

function deliver(records: readonly KafkaRecord[], topic: string = TOPICS.selectColor.name): Promise<unknown> {
  const held = { count: records.length, bytes: 1, heldBytes: 1, release: () => undefined };
  const batch = { ...rangeOf(records), ...held, topic, highWatermark: BigInt(records.length) };
  return batches.deliver(topic, batch, new BatchContext([{ ...ASSIGNMENT, topic }]));
}

describe('the app', () => {
  it('has one handler for each topic of events and of tables, and one for each question', () => {
    expect([...batches.getHandlers().keys()].sort()).toEqual([...STORED_TOPICS].sort());
    expect([...questions.getHandlers().keys()].sort()).toEqual(Object.values(QUERY_TOPICS).sort());
  });

  it('finishes a batch only when its events are in Elasticsearch', async () => {
    await deliver(recordsOf('a', 'b'));
    expect([...server.documents.keys()]).toEqual(['select-color-2026.11.22/a', 'select-color-2026.11.22/b']);
  });

  it('stores page views in indices of their own', async () => {
    await deliver(recordsOf('v'), TOPICS.pageView.name);
    expect([...server.documents.keys()]).toEqual(['page-view-2026.11.22/v']);
  });

  it('keeps of a table the newest row of each key, behind the name of the table', async () => {
    const rows = [
      record('{"id":1,"price":9.50}', { key: Buffer.from('{"id":1}'), offset: 0 }),
      record('{"id":1,"price":9.90}', { key: Buffer.from('{"id":1}'), offset: 1 }),
    ];
    await deliver(rows, 'shop.product');
    await deliver(rows, 'shop.product');
    expect([...server.documents]).toEqual([
      ['shop.product/1', expect.stringContaining('"price":9.90,"kafka_topic":"shop.product"')],
    ]);
    expect(server.aliases.get('shop.product')).toBe('shop.product-v1');
  });

  it('moves a bad record to the dead-letter topic with its bytes, its neighbours are stored', async () => {
    await deliver([...recordsOf('a'), record('no JSON', { offset: 1 })]);
    expect([...server.documents.keys()]).toEqual(['select-color-2026.11.22/a']);
    const letters = publisher.published.get(deadLetterTopic(TOPICS.selectColor.name, GROUPS.esSink));
    expect(letters?.map(({ value }) => String(value))).toEqual(['no JSON']);
  });

  it('answers a question from Elasticsearch', async () => {
    server.searchAnswer = { hits: { hits: [{ _source: { event_id: 'a' } }] } };
    expect(await questions.deliver(QUERY_TOPICS.latest, { limit: 1 })).toEqual({
      events: [{ event_id: 'a' }],
    });
  });

  it('is alive at once and ready when its templates are in place', async () => {
    expect((await app.inject({ method: 'GET', url: '/livez' })).statusCode).toBe(200);
    while ((await app.inject({ method: 'GET', url: '/readyz' })).statusCode !== 200)
      await new Promise(setImmediate);
    expect([...server.templates.keys()]).toEqual(STORED_TOPICS.map((topic) => `pipeline-${topic}`));
  });

  it('puts a template back that is gone', async () => {
    while (server.templates.size < STORED_TOPICS.length) await new Promise(setImmediate);
    server.templates.delete('pipeline-page-view');
    while (server.templates.size < STORED_TOPICS.length) await new Promise(setImmediate);
    expect([...server.templates.keys()]).toContain('pipeline-page-view');
  });
});
