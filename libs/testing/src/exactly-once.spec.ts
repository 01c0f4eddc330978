import { describe, expect, it } from '@jest/globals';
import { assertExactlyOnce } from './exactly-once.ts';
import { randomTopic } from './random-topic.ts';

const rows = (...ids: string[]) => ids.map((id) => ({ event_id: id }));

describe('exactly once', () => {
  it('holds when the ids are the same, in any order', () => {
    expect(() => assertExactlyOnce(rows('b', 'a'), ['a', 'b'])).not.toThrow();
    expect(() => assertExactlyOnce([], [])).not.toThrow();
  });

  it.each([
    ['is missing', rows('a'), '1 rows for 2 ids: 1 missing (b)'],
    ['comes twice', rows('a', 'b', 'b', 'b'), '4 rows for 2 ids: 1 repeated (b)'],
    ['was never sent', rows('a', 'b', 'c'), '3 rows for 2 ids: 1 unexpected (c)'],
    ['has no id', [...rows('a', 'b'), {}], '3 rows for 2 ids: 1 unexpected (undefined)'],
  ])('fails when one %s', (_, found, message) => {
    expect(() => assertExactlyOnce(found, ['a', 'b'])).toThrow(message);
  });

  it('names all kinds of trouble at once and cuts long lists', () => {
    const ids = Array.from({ length: 9 }, (_, index) => `id-${index}`);
    expect(() => assertExactlyOnce(rows('id-0', 'id-0', 'other'), ids)).toThrow(
      '3 rows for 9 ids: 8 missing (id-1, id-2, id-3, id-4, id-5, …), 1 repeated (id-0), 1 unexpected (other)',
    );
  });
});

describe('a random topic', () => {
  it('is a name that Kafka, HDFS and Elasticsearch take, and a new one each time', () => {
    expect(randomTopic('clicks')).toMatch(/^clicks-[0-9a-f]{12}$/);
    expect(randomTopic()).not.toBe(randomTopic());
  });
});
