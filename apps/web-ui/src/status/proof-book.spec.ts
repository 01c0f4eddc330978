import { describe, expect, it } from '@jest/globals';
import { EVENT_TOPICS, type ProvedHour, type ProvedPartition } from '@pipeline/event-schema';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { ProofBook } from './proof-book.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const [TOPIC] = EVENT_TOPICS;
let offset = 0;

function record(change: Partial<ProvedPartition & ProvedHour> = {}): KafkaRecord {
  const hour = {
    topic: TOPIC!,
    store: 'hdfs',
    partition: 0,
    hour: 1,
    startOffset: 0,
    nextOffset: 100,
    lastMs: NOW - 5_000,
    stored: 1,
    broken: {},
    ...change,
  };
  return {
    key: Buffer.from(`${hour.topic}/${hour.store}/${hour.partition}/${hour.startOffset}`),
    value: Buffer.from(JSON.stringify(hour)),
    offset: offset++,
    timestamp: NOW - 1_000,
  };
}

const inBoth = (change: Partial<ProvedPartition & ProvedHour> = {}) =>
  (['hdfs', 'elasticsearch'] as const).map((store) => record({ ...change, store }));
const held = (startOffset: bigint, endOffset: bigint) =>
  new Map([[TOPIC!, [{ partition: 0, startOffset, endOffset }]]]);

function bookOf(...records: readonly KafkaRecord[]): ProofBook {
  const book = new ProofBook();
  book.hear(records);
  return book;
}

describe('what the audit has proved', () => {
  it('is nothing where it has never written', () => {
    expect(bookOf().report(held(0n, 100n), NOW)).toBeNull();
  });

  it('reaches to now where both stores have all that Kafka holds', () => {
    expect(bookOf(...inBoth()).report(held(0n, 100n), NOW)).toEqual({
      provedTo: new Date(NOW).toISOString(),
      toldAt: new Date(NOW - 1_000).toISOString(),
      events: 100,
      waiting: 0,
      lost: 0,
      double: 0,
      damaged: 0,
      invented: 0,
    });
  });

  it('reaches as far as the store that is behind', () => {
    const [hdfs] = inBoth({ nextOffset: 80, lastMs: NOW - 60_000 });
    const [, elasticsearch] = inBoth();
    expect(bookOf(hdfs!, elasticsearch!).report(held(0n, 130n), NOW)).toMatchObject({
      provedTo: new Date(NOW - 60_000).toISOString(),
      events: 80,
      waiting: 50,
    });
  });

  it('is not known of a partition that only one store has', () => {
    expect(bookOf(record()).report(held(0n, 130n), NOW)).toMatchObject({
      provedTo: null,
      events: 0,
      waiting: 130,
    });
  });

  it('counts what Kafka holds, and not what has expired', () => {
    expect(bookOf(...inBoth()).report(held(40n, 100n), NOW)).toMatchObject({ events: 60, waiting: 0 });
  });

  it('adds up what is wrong, and forgets it when it is mended', () => {
    const book = bookOf(...inBoth({ broken: { lost: 2, double: 1 } }));
    expect(book.report(held(0n, 100n), NOW)).toMatchObject({ lost: 4, double: 2 });
    book.hear(inBoth());
    expect(book.report(held(0n, 100n), NOW)).toMatchObject({ lost: 0, double: 0 });
  });

  it('is the newest of each key, in whatever order it is read, and nothing that strangers write', () => {
    const [older, newer] = [record({ nextOffset: 50 }), record()];
    const book = bookOf(newer, older, ...inBoth().slice(1));
    book.hear([{ key: Buffer.from('x'), value: Buffer.from('{}'), offset: 9, timestamp: 0 }]);
    expect(book.report(held(0n, 100n), NOW)).toMatchObject({ events: 100 });
    book.hear([{ key: newer.key, value: null, offset, timestamp: 0 }]);
    expect(book.report(held(0n, 100n), NOW)).toMatchObject({ events: 0, waiting: 100 });
  });
});
