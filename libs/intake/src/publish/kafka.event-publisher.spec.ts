import { describe, expect, it } from '@jest/globals';
import {
  type EncodedRecords,
  encodeRecords,
  type PublishedTo,
  TransportError,
  type TransportErrorCode,
} from '@pipeline/kafka-transport';
import { PassingTracer, type Tracer } from '@pipeline/observability';
import { MemoryTracer } from '@pipeline/observability/testing';
import { IntakeRefusal } from '../refusal.ts';
import { SpoolError, type SpoolErrorCode } from '../spool/spool-folder.ts';
import { KafkaEventPublisher } from './kafka.event-publisher.ts';

const SAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const UNSAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

function publishing(answer: () => Promise<PublishedTo>, tracer: Tracer = new PassingTracer()) {
  const published: EncodedRecords[] = [];
  const publishEncoded = (_topic: string, records: EncodedRecords) => {
    published.push(records);
    return answer();
  };
  const records = { publishEncoded, connect: () => undefined, close: () => Promise.resolve() };
  return { published, publisher: new KafkaEventPublisher(records, tracer) };
}

const encoded = (headers: Record<string, string>, count = 1): EncodedRecords =>
  encodeRecords(Array.from({ length: count }, () => ({ key: 'k', value: 'v', headers })));

describe('the publisher of events', () => {
  it.each<[PublishedTo, string]>([
    ['broker', 'kafka'],
    ['fallback', 'spool'],
  ])('says where records of the %s are safe', async (to, durability) => {
    const { publisher } = publishing(() => Promise.resolve(to));
    await expect(publisher.publish('select-color', encoded({}))).resolves.toBe(durability);
  });

  it.each<[TransportErrorCode, string]>([
    ['broker-unavailable', 'kafka-unavailable'],
    ['record-refused', 'kafka-unavailable'],
    ['buffer-full', 'queue-full'],
    ['closed', 'stopping'],
  ])('refuses %s of the transport as %s', async (transportCode, code) => {
    const cause = new TransportError(transportCode, 'no');
    const { publisher } = publishing(() => Promise.reject(cause));
    const refusal: unknown = await publisher
      .publish('select-color', encoded({}))
      .catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(IntakeRefusal);
    expect(refusal).toMatchObject({ code, cause });
  });

  it.each<[SpoolErrorCode, string]>([
    ['spool-full', 'spool-full'],
    ['spool-unwritable', 'spool-unwritable'],
    ['spool-damaged', 'spool-unwritable'],
  ])('refuses %s of the spool as %s', async (spoolCode, code) => {
    const cause = new SpoolError(spoolCode, 'no');
    const { publisher } = publishing(() => Promise.reject(cause));
    await expect(publisher.publish('select-color', encoded({}))).rejects.toMatchObject({ code, cause });
  });

  it('passes on an error of our own code, which is no outage', async () => {
    const error = new TypeError('our own');
    const { publisher } = publishing(() => Promise.reject(error));
    await expect(publisher.publish('select-color', encoded({}))).rejects.toBe(error);
  });
});

describe('a traced publisher', () => {
  it('records how long sampled records took, and gives them its context', async () => {
    const tracer = new MemoryTracer();
    const { published, publisher } = publishing(() => Promise.resolve('fallback'), tracer);
    const headers = { event_type: 'select-color', traceparent: SAMPLED };
    expect(await publisher.publish('select-color', encoded(headers, 2))).toBe('spool');
    expect(tracer.spans).toMatchObject([
      {
        name: 'produce select-color',
        kind: 'producer',
        parent: SAMPLED,
        outcome: 'ok',
        attributes: { 'pipeline.durability': 'spool' },
      },
    ]);
    const { traceparent } = tracer.spans[0]!;
    const expected = encoded({ event_type: 'select-color', traceparent }, 2);
    expect(published.map((records) => records.decode())).toEqual([expected.decode()]);
  });

  it('leaves other records as they are', async () => {
    const tracer = new MemoryTracer();
    const { published, publisher } = publishing(() => Promise.resolve('broker'), tracer);
    const records = encoded({ traceparent: UNSAMPLED });
    await publisher.publish('select-color', records);
    expect(tracer.spans).toEqual([]);
    expect(published[0]).toBe(records);
  });

  it('fails its span with the code with which it refuses', async () => {
    const tracer = new MemoryTracer();
    const failure = new TransportError('broker-unavailable', 'gone');
    const { publisher } = publishing(() => Promise.reject(failure), tracer);
    const published = publisher.publish('select-color', encoded({ traceparent: SAMPLED }));
    await expect(published).rejects.toMatchObject({ code: 'kafka-unavailable' });
    expect(tracer.spans).toMatchObject([{ outcome: 'kafka-unavailable' }]);
  });
});
