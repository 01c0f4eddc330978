import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CollectorUnderTest, EVENT, idOf } from '../../testing/start-collector.fixture.ts';

describe('the memory of ids', () => {
  let collector: CollectorUnderTest;
  beforeEach(async () => {
    collector = await CollectorUnderTest.start({ COLLECTOR_API_RECENT_IDS: '1000' });
  });
  afterEach(() => collector.close());

  const statuses = async (events: unknown): Promise<string[]> => {
    const { json } = await collector.post(events);
    return (json.results ?? []).map(({ status }) => status);
  };

  it('answers duplicate to an id that was acknowledged, and does not publish it again', async () => {
    const event = { ...EVENT, event_id: idOf(1) };
    expect(await statuses(event)).toEqual(['accepted']);
    expect(await statuses([event, { ...EVENT, event_id: idOf(2) }])).toEqual(['duplicate', 'accepted']);
    expect(await statuses({ ...event, event_id: idOf(1).toUpperCase() })).toEqual(['duplicate']);
    expect(collector.publisher.events().map(({ event_id }) => event_id)).toEqual([idOf(1), idOf(2)]);
  });

  it('sees a repetition within one request', async () => {
    const event = { ...EVENT, event_id: idOf(1) };
    expect(await statuses([event, event])).toEqual(['accepted', 'duplicate']);
    expect(collector.publisher.events()).toHaveLength(1);
  });

  it('publishes again what was refused before', async () => {
    const event = { ...EVENT, event_id: idOf(1) };
    collector.publisher.failure = 'kafka-unavailable';
    expect((await collector.post(event)).status).toBe(503);
    collector.publisher.failure = undefined;
    expect(await statuses(event)).toEqual(['accepted']);
  });

  it('lets a retry wait for the request that it repeats', async () => {
    const event = { ...EVENT, event_id: idOf(1) };
    collector.publisher.hold();
    const [first, retry] = [collector.post(event), collector.post([event, EVENT])];
    while (collector.publisher.calls.length < 2) await new Promise(setImmediate);
    collector.publisher.release();
    expect((await first).json.results?.[0]?.status).toBe('accepted');
    expect((await retry).json.results?.map(({ status }) => status)).toEqual(['duplicate', 'accepted']);
    expect(collector.publisher.events().filter(({ event_id }) => event_id === idOf(1))).toHaveLength(1);
  });

  it('never calls a duplicate durable whose first request failed', async () => {
    const event = { ...EVENT, event_id: idOf(1) };
    collector.publisher.hold();
    const requests = [collector.post(event), collector.post(event)];
    while (collector.publisher.calls.length === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    collector.publisher.failure = 'kafka-unavailable';
    collector.publisher.release();
    expect((await Promise.all(requests)).map(({ status }) => status)).toEqual([503, 503]);
  });

  it('keeps the id of a client while another one sends more ids than fit', async () => {
    const crowded = await CollectorUnderTest.start({
      COLLECTOR_API_RECENT_IDS: '2000',
      COLLECTOR_API_TRUSTED_PROXY_HOPS: '1',
    });
    const event = { ...EVENT, event_id: idOf(0) };
    await crowded.post(event, { 'x-forwarded-for': '203.0.113.9' });
    for (let page = 1; page <= 12; page += 1) {
      const flood = Array.from({ length: 250 }, (_, n) => ({ ...EVENT, event_id: idOf(250 * page + n) }));
      await crowded.post(flood, { 'x-forwarded-for': `2001:db8::${page}` });
    }
    const { json } = await crowded.post(event, { 'x-forwarded-for': '203.0.113.9' });
    expect(json.results?.[0]?.status).toBe('duplicate');
    await crowded.close();
  });

  it('does not take another event for the one that has its id', async () => {
    const event = { ...EVENT, event_id: idOf(1), occurred_at: '2026-11-22T10:00:00.000Z', extra: { n: 1 } };
    expect(await statuses(event)).toEqual(['accepted']);
    const others = [
      { ...event, color_name: 'red' },
      { ...event, extra: { n: 2 } },
      { ...event, more: 1 },
      { ...event, occurred_at: '2026-11-22T10:00:00.001Z' },
      { ...event, occurred_at: undefined },
    ];
    const { status, json } = await collector.post(others);
    expect([status, json.code]).toEqual([400, 'all-events-rejected']);
    for (const result of json.results ?? [])
      expect(result).toMatchObject({ event_id: idOf(1), code: 'event-id-taken', path: 'event_id' });
    expect(collector.publisher.events()).toHaveLength(1);
  });

  it('knows an event again by what it says, not by when and how it is sent', async () => {
    const event = { ...EVENT, event_id: idOf(1), occurred_at: '2026-11-22T10:00:00.000Z' };
    const again = [
      { ...event, sent_at: '2026-11-22T10:00:01.000Z' },
      { ...event, sent_at: '2026-11-25T10:00:02.000Z', user_name: ' Ada ', schema_version: 1 },
      { ...event, occurred_at: '2026-11-22T19:00:00+09:00', received_at: 'forged' },
    ];
    expect(await statuses([event, ...again])).toEqual(['accepted', 'duplicate', 'duplicate', 'duplicate']);
    const spelt = JSON.stringify({ ...EVENT, event_id: idOf(2), n: 0 }).replace(':0}', ':1.00}');
    const results = await Promise.all(
      [spelt, `[ ${spelt} ]`, spelt.replace('1.00', '1.0')].map((body) => collector.send(body)),
    );
    expect(results.map(({ json }) => json.results?.[0]?.code ?? json.results?.[0]?.status)).toEqual([
      'accepted',
      'duplicate',
      'event-id-taken',
    ]);
  });

  it('knows of each topic alone which ids it has', async () => {
    const view = { event_type: 'page-view', event_id: idOf(1) };
    const pick = { ...EVENT, event_id: idOf(1) };
    expect(await statuses(view)).toEqual(['accepted']);
    expect(await statuses([pick, view, pick])).toEqual(['accepted', 'duplicate', 'duplicate']);
    expect(collector.publisher.calls.map(({ topic }) => topic)).toEqual(['page-view', 'select-color']);
  });

  it('says in the record of an event with an id of its own that no time came with it', async () => {
    await collector.post([
      EVENT,
      { ...EVENT, event_id: idOf(1) },
      { ...EVENT, event_id: idOf(2), occurred_at: null },
    ]);
    expect(collector.publisher.events().map((event) => event['occurred_at_original'])).toEqual([
      undefined,
      '',
      '',
    ]);
  });
});
