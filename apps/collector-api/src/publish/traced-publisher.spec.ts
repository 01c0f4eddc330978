import { describe, expect, it } from '@jest/globals';
import { type OutgoingRecord, type PublishedTo, TransportError } from '@pipeline/kafka-transport';
import { MemoryTracer } from '@pipeline/observability';
import { TracedPublisher } from './traced-publisher.ts';

const SAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const UNSAMPLED = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';

function publishing(answer: () => Promise<PublishedTo> = () => Promise.resolve('broker')) {
  const published: OutgoingRecord[] = [];
  const publish = (_topic: string, records: readonly OutgoingRecord[]) => {
    published.push(...records);
    return answer();
  };
  const tracer = new MemoryTracer();
  const plain = { publish, connect: () => undefined, close: () => Promise.resolve() };
  return { tracer, published, publisher: new TracedPublisher(plain, tracer) };
}

const record = (headers: Record<string, string>): OutgoingRecord => ({ key: 'k', value: 'v', headers });

describe('a traced publisher', () => {
  it('records how long sampled records took, and gives them its context', async () => {
    const { tracer, published, publisher } = publishing();
    const headers = { event_type: 'select-color', traceparent: SAMPLED };
    expect(await publisher.publish('select-color', [record(headers), record(headers)])).toBe('broker');
    expect(tracer.spans).toMatchObject([
      { name: 'produce select-color', kind: 'producer', parent: SAMPLED, outcome: 'ok' },
    ]);
    const { traceparent } = tracer.spans[0]!;
    expect(published.map((sent) => sent.headers)).toEqual([
      { event_type: 'select-color', traceparent },
      { event_type: 'select-color', traceparent },
    ]);
    expect(published[0]?.headers).toBe(published[1]?.headers);
  });

  it('leaves other records as they are', async () => {
    const { tracer, published, publisher } = publishing();
    const records = [record({ traceparent: UNSAMPLED })];
    await publisher.publish('select-color', records);
    expect(tracer.spans).toEqual([]);
    expect(published[0]).toBe(records[0]);
  });

  it('fails its span with the reason, and rejects with it', async () => {
    const failure = new TransportError('broker-unavailable', 'gone');
    const { tracer, publisher } = publishing(() => Promise.reject(failure));
    await expect(publisher.publish('select-color', [record({ traceparent: SAMPLED })])).rejects.toBe(failure);
    expect(tracer.spans).toMatchObject([{ outcome: 'broker-unavailable' }]);
  });
});
