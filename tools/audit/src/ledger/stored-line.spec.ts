import { LineageAppender } from '@pipeline/event-schema';
import { describe, expect, it } from '@jest/globals';
import { valueFingerprint } from './fingerprint.ts';
import { StoredLineReader } from './stored-line.ts';

const reader = new StoredLineReader('select-color');
const appender = new LineageAppender('select-color', 12);

describe('the lineage of a stored line', () => {
  it.each([
    '{"a":1}',
    '{}',
    '{ }',
    '{"a":1 }',
    '{"a":"\u2028 \\" }","big":12345678901234567890}',
    '{"a":{"kafka_topic":"select-color","kafka_partition":1,"kafka_offset":2}}',
    '{"a":",\\"kafka_offset\\":7}"}',
  ])('comes off and leaves the bytes of %s', (value) => {
    const line = Buffer.from(value);
    expect(reader.read(appender.append(line, '9007199254740991'))).toEqual({
      partition: 12,
      offset: 9_007_199_254_740_991,
      fingerprint: valueFingerprint(line),
    });
  });

  it('is found in another order too, but then the bytes cannot be compared', () => {
    const line = Buffer.from('{"kafka_offset":3,"kafka_partition":1,"kafka_topic":"select-color","a":1}');
    expect(reader.read(line)).toEqual({ partition: 1, offset: 3, fingerprint: undefined });
  });

  it.each([
    '',
    '}',
    '{"a":1}',
    '{"a":',
    '[]',
    'null',
    '{"kafka_topic":"select-color","kafka_partition":0,"kafka_offset":-1}',
  ])('is not there in %s', (line) => {
    expect(reader.read(Buffer.from(line))).toBeUndefined();
  });

  it('of another topic is none of ours', () => {
    expect(
      reader.read(new LineageAppender('page-view', 0).append(Buffer.from('{"a":1}'), '1')),
    ).toBeUndefined();
  });
});
