import { describe, expect, it } from '@jest/globals';
import { batchOf, storedEvent } from '../../testing/clicks.fixture.ts';
import { eventsOf, picksOf, toLiveEvent, viewsOf } from './live-event.ts';

describe('picks of a batch', () => {
  it('have their place in the topic and nothing that pages must not see', () => {
    const { kafka_topic, kafka_partition, kafka_offset, ...event } = storedEvent({ user_name: '민지' });
    const [live, ...others] = picksOf(eventsOf(batchOf([JSON.stringify({ ...event, extra: 'secret' })]))).map(
      toLiveEvent,
    );
    expect(others).toEqual([]);
    expect(live).toEqual({
      user_name: '민지',
      color_name: 'blue',
      occurred_at: event.occurred_at,
      received_at: event.received_at,
      kafka_partition: 1,
      kafka_offset: 40,
    });
    expect([kafka_topic, kafka_partition, kafka_offset]).toHaveLength(3);
  });

  it('are picks alone; of page views only their times are told', () => {
    const { user_name: _name, color_name: _color, ...common } = storedEvent();
    const view = JSON.stringify({ ...common, event_type: 'page-view' });
    const events = eventsOf(batchOf([view, JSON.stringify(storedEvent({ is_bot: true }))]));
    expect(picksOf(events).map(toLiveEvent)).toMatchObject([{ is_bot: true }]);
    expect(viewsOf(events)).toEqual([{ occurred_at: common.occurred_at }]);
  });

  it('leave out records that are no events and keep their neighbours', () => {
    const good = JSON.stringify(storedEvent());
    const events = eventsOf(batchOf([null, 'not json', '[]', '{}', Buffer.from([0xff]), good]));
    expect(events.map(({ kafka_offset }) => kafka_offset)).toEqual([45]);
  });
});
