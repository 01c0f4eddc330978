import { deadLetterTopic, GROUPS, TOPICS } from '@pipeline/event-schema';
import { DEAD_LETTER_HEADERS } from '@pipeline/kafka-transport';
import { eventually, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClick } from './support/color-click.ts';
import { produce, recordsOf } from './support/kafka.ts';
import { bothStoresHoldExactly } from './support/stored-once.ts';

const { name: TOPIC } = TOPICS.selectColor;
/** What the collector adds to an event. */
const server = {
  user_agent: 'pipeline-e2e',
  occurred_at: new Date().toISOString(),
  received_at: new Date().toISOString(),
};
const NOT_JSON = Buffer.from([0x6e, 0x6f, 0x74, 0x20, 0xff, 0xfe, 0x00, 0x4a]);

describe('a record that is not JSON', () => {
  let stack: LocalStack;
  const before = colorClick();
  const after = colorClick();
  beforeAll(async () => {
    stack = await startPipeline({ apps: ['hdfs-sink', 'es-sink'] });
    const stored = (event: object) => ({
      key: 'same-partition',
      value: JSON.stringify({ ...event, ...server }),
    });
    await produce(stack, TOPIC, [
      stored(before),
      { key: 'same-partition', value: NOT_JSON, headers: { origin: 'a test' } },
      stored(after),
    ]);
  });
  afterAll(() => stack?.stop());

  it.each([GROUPS.hdfsSink, GROUPS.esSink])(
    'is in the dead-letter topic of %s with its bytes and where it came from',
    async (sink) => {
      const [letter, ...others] = await eventually(async () => {
        const letters = await recordsOf(stack, deadLetterTopic(TOPIC, sink));
        expect(letters).not.toEqual([]);
        return letters;
      });
      expect(others).toEqual([]);
      expect(letter?.value?.equals(NOT_JSON)).toBe(true);
      expect(letter?.key?.toString()).toBe('same-partition');
      const headers = textHeaders(letter?.headers);
      expect(headers).toMatchObject({
        origin: 'a test',
        [DEAD_LETTER_HEADERS.topic]: TOPIC,
        [DEAD_LETTER_HEADERS.offset]: '1',
        [DEAD_LETTER_HEADERS.sink]: sink,
        [DEAD_LETTER_HEADERS.code]: expect.stringMatching(/./),
        [DEAD_LETTER_HEADERS.message]: expect.stringMatching(/./),
        [DEAD_LETTER_HEADERS.partition]: expect.stringMatching(/^[012]$/),
        [DEAD_LETTER_HEADERS.attempt]: expect.stringMatching(/^\d+$/),
        [DEAD_LETTER_HEADERS.timestamp]: expect.stringMatching(/^\d{13}$/),
        [DEAD_LETTER_HEADERS.failedAt]: expect.stringMatching(/^\d{4}-.*Z$/),
      });
    },
  );

  it('does not keep its neighbours out of the stores', async () => {
    await bothStoresHoldExactly(stack, [before.event_id, after.event_id]);
  });
});

function textHeaders(headers: object = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
