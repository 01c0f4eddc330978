import { describe, expect, it } from '@jest/globals';
import { deadLetter } from './dead-letter-publisher.ts';

describe('deadLetter', () => {
  it('keeps key, bytes and headers of the record and adds where, why and when', () => {
    const value = Buffer.from([0xff, 0x00, 0x7b]);
    const record = {
      key: Buffer.from('v-1'),
      value,
      headers: { event_type: Buffer.from('select-color') },
      offset: '42',
      timestamp: '1700000000000',
    };
    const reason = {
      code: 'not-json',
      message: 'x'.repeat(5_000),
      topic: 'select-color',
      partition: 2,
      sink: 'es-sink',
      attempt: 1,
    };
    const letter = deadLetter(record, reason);
    expect(letter.value).toBe(value);
    expect(letter.key).toEqual(Buffer.from('v-1'));
    expect(letter.headers).toMatchObject({
      event_type: Buffer.from('select-color'),
      'dlq.code': 'not-json',
      'dlq.topic': 'select-color',
      'dlq.partition': '2',
      'dlq.offset': '42',
      'dlq.timestamp': '1700000000000',
      'dlq.sink': 'es-sink',
      'dlq.attempt': '1',
    });
    expect(String(letter.headers!['dlq.message'])).toHaveLength(1_000);
  });
});
