import { beforeEach, describe, expect, it } from '@jest/globals';
import { EVENT_TOPICS } from '@pipeline/event-schema';
import { type RejectedEvent } from '@pipeline/event-schema/contract';
import { KafkaRefusals } from './kafka.refusals.ts';
import { MemoryTopicReader } from '../../testing/topic-reader.double.ts';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const REJECTED: RejectedEvent = {
  received_at: '2026-11-22T10:00:00.000Z',
  code: 'color-unknown',
  message: 'color_name must be a known colour',
  path: 'color_name',
  is_masked: true,
  is_cut: false,
  event: { event_id: ID, color_name: 'pink' },
};
const REFUSAL = {
  code: REJECTED.code,
  message: REJECTED.message,
  path: REJECTED.path,
  receivedAt: REJECTED.received_at,
};

let reader: MemoryTopicReader;
let refusals: KafkaRefusals;
beforeEach(() => {
  reader = new MemoryTopicReader();
  refusals = new KafkaRefusals(reader);
});
const put = (change: Partial<RejectedEvent> = {}, topic = 'select-color.rejected') =>
  reader.put(topic, JSON.stringify({ ...REJECTED, ...change }));

describe('the refusal of an event', () => {
  it('is found in the topic of any event type', async () => {
    put();
    expect(await refusals.find(ID)).toEqual(REFUSAL);
    reader.topics.clear();
    put({}, 'page-view.rejected');
    expect(await refusals.find(ID)).toEqual(REFUSAL);
  });

  it('is found where the event was too large to be kept whole', async () => {
    const { event, ...rest } = REJECTED;
    reader.put(
      'select-color.rejected',
      JSON.stringify({ ...rest, is_cut: true, text: JSON.stringify(event).slice(0, -2) }),
    );
    expect(await refusals.find(ID)).toEqual(REFUSAL);
  });

  it('is the newest of several', async () => {
    put();
    put({ received_at: '2026-11-22T11:00:00.000Z', code: 'field-empty' });
    put({ received_at: '2026-11-22T09:00:00.000Z' });
    expect(await refusals.find(ID)).toMatchObject({ code: 'field-empty' });
  });

  it('is not that of an event that only mentions the id', async () => {
    put({ event: { event_id: 'other', referrer: ID } });
    put({ event: ID });
    expect(await refusals.find(ID)).toBeUndefined();
  });

  it('is found among records that no collector has written', async () => {
    const junk = [`${ID} is no JSON`, `"${ID}"`, `[{"event_id":"${ID}"}]`, `{"event":{"event_id":"${ID}"}}`];
    for (const value of junk) reader.put('select-color.rejected', value);
    put({ received_at: 'soon' });
    expect(await refusals.find(ID)).toBeUndefined();
    put();
    expect(await refusals.find(ID)).toEqual(REFUSAL);
  });

  it('is looked for among the newest only, so that a look-up ends however many were refused', async () => {
    await refusals.find(ID);
    expect(reader.reads).toEqual(EVENT_TOPICS.map((name) => [`${name}.rejected`, 20_000]));
  });
});
