import { describe, expect, it } from '@jest/globals';
import {
  type EncodedRecords,
  encodeRecords,
  type PublishedTo,
  TransportError,
} from '@pipeline/kafka-transport';
import { MemoryTracer } from '@pipeline/observability/testing';
import { TracedPublisher } from './traced-publisher.ts';

const SAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const UNSAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

function publishing(answer: () => Promise<PublishedTo> = () => Promise.resolve('broker')) {
  const published: EncodedRecords[] = [];
  const publishEncoded = (_topic: string, records: EncodedRecords) => {
    published.push(records);
    return answer();
  };
  const tracer = new MemoryTracer();
  const plain = { publishEncoded, connect: () => undefined, close: () => Promise.resolve() };
  return { tracer, published, publisher: new TracedPublisher(plain, tracer) };
}

const encoded = (headers: Record<string, string>, count = 1): EncodedRecords =>
  encodeRecords(Array.from({ length: count }, () => ({ key: 'k', value: 'v', headers })));

describe('a traced publisher', () => {
  it('records how long sampled records took, and gives them its context', async () => {
    const { tracer, published, publisher } = publishing();
    const headers = { event_type: 'select-color', traceparent: SAMPLED };
    expect(await publisher.publishEncoded('select-color', encoded(headers, 2))).toBe('broker');
    expect(tracer.spans).toMatchObject([
      { name: 'produce select-color', kind: 'producer', parent: SAMPLED, outcome: 'ok' },
    ]);
    const { traceparent } = tracer.spans[0]!;
    const expected = encoded({ event_type: 'select-color', traceparent }, 2);
    expect(published.map((records) => records.decode())).toEqual([expected.decode()]);
  });

  it('leaves other records as they are', async () => {
    const { tracer, published, publisher } = publishing();
    const records = encoded({ traceparent: UNSAMPLED });
    await publisher.publishEncoded('select-color', records);
    expect(tracer.spans).toEqual([]);
    expect(published[0]).toBe(records);
  });

  it('fails its span with the reason, and rejects with it', async () => {
    const failure = new TransportError('broker-unavailable', 'gone');
    const { tracer, publisher } = publishing(() => Promise.reject(failure));
    await expect(publisher.publishEncoded('select-color', encoded({ traceparent: SAMPLED }))).rejects.toBe(
      failure,
    );
    expect(tracer.spans).toMatchObject([{ outcome: 'broker-unavailable' }]);
  });
});
