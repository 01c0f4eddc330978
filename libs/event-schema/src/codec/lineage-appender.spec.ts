import { describe, expect, it } from '@jest/globals';
import { LineageAppender } from './lineage-appender.ts';

const appender = new LineageAppender('select-color', 2);
const LINEAGE = '"kafka_topic":"select-color","kafka_partition":2,"kafka_offset":9007199254740993}';

describe('LineageAppender', () => {
  it.each([
    ['{"a":1}', '{"a":1,'],
    ['{"a":{}}', '{"a":{},'],
    ['{"a":1 \t}', '{"a":1 \t,'],
    ['{"n":12345678901234567890,"n":2}', '{"n":12345678901234567890,"n":2,'],
    ['{}', '{'],
    ['{ }', '{ '],
    ['{"é":"\u2028"}', '{"é":"\u2028",'],
  ])('keeps the bytes of %s and adds topic, partition and offset at the end', (line, start) => {
    expect(appender.append(Buffer.from(line), '9007199254740993').toString()).toBe(`${start}${LINEAGE}`);
  });

  it('writes rows one after the other into one buffer, each as long as it said', () => {
    const lines = ['{"a":1}', '{}', '{"b":"c"}'].map((line) => Buffer.from(line));
    const total = lines.reduce((sum, line, index) => sum + appender.rowLength(line, String(index)), 0);
    const target = Buffer.alloc(total);
    const end = lines.reduce((at, line, index) => appender.write(line, String(index), target, at), 0);
    expect(end).toBe(total);
    expect(target.toString()).toBe(
      lines.map((line, index) => appender.append(line, String(index)).toString()).join(''),
    );
  });

  it('escapes a topic name as JSON does', () => {
    const row = new LineageAppender('a"b', 0).append(Buffer.from('{}'), '0');
    expect(JSON.parse(row.toString())).toEqual({ kafka_topic: 'a"b', kafka_partition: 0, kafka_offset: 0 });
  });
});
