import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CollectorUnderTest, EVENT, idOf } from '../../spec-support/start-collector.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('POST /v1/events', () => {
  let collector: CollectorUnderTest;
  beforeEach(async () => {
    collector = await CollectorUnderTest.start({ COLLECTOR_API_RECENT_IDS: '1000' });
  });
  afterEach(() => collector.close());

  const statuses = async (events: unknown): Promise<string[]> => {
    const { json } = await collector.post(events);
    return (json.results ?? []).map(({ status }) => status);
  };

  it('publishes one event with all that the collector knows, and answers its id', async () => {
    const { status, json, headers } = await collector.post(
      { ...EVENT, user_name: ' Ada ', visitor_id: 'v-1', extra: { a: [1] } },
      { 'user-agent': `Test/1 ${'x'.repeat(600)}` },
    );
    const [event] = collector.publisher.events();
    expect([status, headers['content-type']]).toEqual([202, 'application/json; charset=utf-8']);
    expect(json).toEqual({
      durability: 'kafka',
      results: [{ event_id: event?.['event_id'], status: 'accepted' }],
    });
    expect(event).toEqual({
      ...EVENT,
      visitor_id: 'v-1',
      extra: { a: [1] },
      event_id: expect.stringMatching(UUID_V7),
      schema_version: 1,
      occurred_at: event?.['received_at'],
      received_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      user_agent: expect.stringMatching(/^Test\/1 x{505}$/),
      is_bot: true,
      bot_reason: 'headers-inconsistent',
    });
  });

  it('publishes a request in one call, with key and headers, in the order sent', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const events = Array.from({ length: 5 }, (_, number) => ({
      ...EVENT,
      event_id: idOf(number),
      user_name: `n${number}`,
    }));
    const { json } = await collector.post(events, { traceparent });
    expect(collector.publisher.calls).toHaveLength(1);
    expect(collector.publisher.calls[0]).toMatchObject({
      topic: 'select-color',
      records: events.map(({ user_name }) => ({
        key: user_name,
        headers: { event_type: 'select-color', schema_version: '1', traceparent },
      })),
    });
    expect(json.results?.map(({ event_id }) => event_id)).toEqual(events.map(({ event_id }) => event_id));
    expect(collector.publisher.events().map(({ event_id }) => event_id)).toEqual(
      events.map(({ event_id }) => event_id),
    );
  });

  it('publishes the numbers of unknown fields digit for digit', async () => {
    const numbers =
      '"order_id":1524831183200260097,"amount":0.1234567890123456789,"price":10.00,"big":123456789012345678901234567890,"z":-0';
    const json = (name: string): string =>
      `{"event_type":"select-color","schema_version":1.0,"user_name":"${name}","color_name":"navy",${numbers},"basket":{${numbers},"list":[1.0,1E2,"1.0"]}}`;
    const { json: answer } = await collector.send(
      `[${json('Ada')},{"user_name":1.0},${JSON.stringify(EVENT)},${json('Bo')}]`,
    );
    expect(answer.results?.map(({ status }) => status)).toEqual([
      'accepted',
      'rejected',
      'accepted',
      'accepted',
    ]);
    const [first, , third] = collector.publisher.calls[0]!.records.map(({ value }) => value);
    for (const value of [first, third]) {
      expect(value).toContain(`"color_name":"navy",${numbers},"basket":{${numbers},"list":[1.0,1E2,"1.0"]}`);
      expect(value).toContain('"schema_version":1,');
    }
  });

  it.each([
    ['1e999', 'big'],
    ['1e-999', 'big'],
    [`0.${'1'.repeat(1_500)}`, 'big'],
    [`{"deep":[${'9'.repeat(400)}]}`, 'big.deep.0'],
    [`{"deep":[0.${'9'.repeat(1_000)}]}`, 'big.deep.0'],
  ])('rejects the number %s, which no reader of the stores takes', async (number, path) => {
    const { json } = await collector.send(
      `[${JSON.stringify({ ...EVENT, big: 0 }).replace(':0}', `:${number}}`)}]`,
    );
    expect(json.results).toMatchObject([{ status: 'rejected', code: 'number-out-of-range', path }]);
  });

  it.each([undefined, 'nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`])(
    'names a trace that nobody records where the client sent %s',
    async (traceparent) => {
      await collector.post(EVENT, traceparent === undefined ? {} : { traceparent });
      expect(collector.publisher.calls[0]?.records[0]?.headers?.['traceparent']).toMatch(
        /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/,
      );
    },
  );

  it('answers only when the events are durable', async () => {
    collector.publisher.hold();
    let answered = false;
    const answer = collector.post(EVENT).finally(() => (answered = true));
    while (collector.publisher.calls.length === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(answered).toBe(false);
    collector.publisher.release();
    expect((await answer).status).toBe(202);
  });

  it('answers 503 with Retry-After and claims nothing while Kafka is down', async () => {
    collector.publisher.failure = 'kafka-unavailable';
    const { status, headers, json } = await collector.post([EVENT, EVENT]);
    expect({ status, json }).toEqual({
      status: 503,
      json: { code: 'kafka-unavailable', message: expect.any(String) },
    });
    expect(String(headers['retry-after'])).toMatch(/^[1-9]\d?$/);
  });

  describe('of a request to two topics, one of which fails', () => {
    const picks = [1, 2].map((n) => ({ ...EVENT, event_id: idOf(n) }));
    const view = { event_type: 'page-view', event_id: idOf(3) };
    const mixed = [picks[0], view, picks[1]];

    it('claims nothing, and publishes only what failed when it is repeated', async () => {
      collector.publisher.failure = 'kafka-unavailable';
      collector.publisher.failingTopic = 'page-view';
      expect((await collector.post(mixed)).json).toMatchObject({ code: 'kafka-unavailable' });
      collector.publisher.failure = undefined;
      expect(await statuses(mixed)).toEqual(['duplicate', 'accepted', 'duplicate']);
      const ids = collector.publisher.events().map(({ event_id }) => event_id);
      expect(ids.filter((id) => id === idOf(1))).toHaveLength(1);
      expect(ids.filter((id) => id === idOf(3))).toHaveLength(2);
    });

    it('refuses a duplicate of what failed only', async () => {
      collector.publisher.hold();
      const first = collector.post(mixed);
      while (collector.publisher.calls.length < 2) await new Promise(setImmediate);
      const again = [collector.post(picks[0]), collector.post(view)];
      await new Promise(setImmediate);
      collector.publisher.failure = 'kafka-unavailable';
      collector.publisher.failingTopic = 'page-view';
      collector.publisher.release();
      expect((await Promise.all([first, ...again])).map(({ status }) => status)).toEqual([503, 202, 503]);
    });
  });

  describe('the memory of ids', () => {
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

  describe('the log of refused events', () => {
    const reasons = (): [string, string][] =>
      collector.rejected.events.map(({ code, path }): [string, string] => [code, path]);

    it('gets each event that was refused, of a request that took others and of one that took none', async () => {
      await collector.post([EVENT, { ...EVENT, color_name: 'pink' }, 17]);
      await collector.post({ ...EVENT, user_name: '' });
      expect(reasons()).toEqual([
        ['color-unknown', 'color_name'],
        ['not-an-object', ''],
        ['field-empty', 'user_name'],
      ]);
    });

    it('gets a body that is not JSON', async () => {
      await collector.send('{"user_name":');
      expect(reasons()).toEqual([['malformed-json', '']]);
    });

    it('gets nothing of a request that failed: it is sent again', async () => {
      collector.publisher.failure = 'kafka-unavailable';
      await collector.post([EVENT, 17]);
      expect(reasons()).toEqual([]);
    });
  });

  describe('what is known of the sender', () => {
    const browser = {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'accept-language': 'en',
    };
    const ids = { visitor_id: 'v-1', session_id: 's-1' };

    it('marks events of bots and of nobody else, whatever the page says', async () => {
      const forged = { ...EVENT, is_bot: 'no', bot_reason: 'x', client_network: '1.2.3.4' };
      await collector.post(forged, browser);
      await collector.post(forged, { ...browser, 'user-agent': 'Googlebot/2.1' });
      const [ofBrowser, ofBot] = collector.publisher.events();
      expect(ofBrowser).toMatchObject({ is_bot: false });
      expect(ofBrowser).not.toHaveProperty('bot_reason');
      expect(ofBrowser).not.toHaveProperty('client_network');
      expect(ofBot).toMatchObject({ is_bot: true, bot_reason: 'user-agent-listed' });
    });

    it.each([{ 'sec-gpc': '1' }, { dnt: '1' }])('keeps no id of a visitor who says %j', async (signal) => {
      await collector.post({ ...EVENT, ...ids }, { ...browser, ...(signal as Record<string, string>) });
      const [event] = collector.publisher.events();
      expect(event).toMatchObject({ user_name: 'Ada' });
      expect(Object.keys(event ?? {})).not.toEqual(expect.arrayContaining(['visitor_id']));
      expect(Object.keys(event ?? {})).not.toEqual(expect.arrayContaining(['session_id']));
      expect(collector.publisher.calls[0]?.records[0]?.key).toBe('Ada');
    });

    it('keeps the ids of a visitor who says nothing of the kind', async () => {
      await collector.post({ ...EVENT, ...ids }, { ...browser, 'sec-gpc': '0', dnt: '0' });
      expect(collector.publisher.events()[0]).toMatchObject(ids);
    });

    it('stores the network of the address only where that is wanted, and never of who refuses tracking', async () => {
      const storing = await CollectorUnderTest.start({
        COLLECTOR_API_STORE_NETWORK: 'true',
        COLLECTOR_API_TRUSTED_PROXY_HOPS: '1',
      });
      const from = { ...browser, 'x-forwarded-for': '6.6.6.6, 203.0.113.9' };
      await storing.post(EVENT, from);
      await storing.post(EVENT, { ...from, 'sec-gpc': '1' });
      const [open, refusing] = storing.publisher.events();
      expect(open).toMatchObject({ client_network: '203.0.113.0' });
      expect(refusing).not.toHaveProperty('client_network');
      await storing.close();
    });
  });

  it('counts what it accepted, rejected and knew already', async () => {
    await collector.post([{ ...EVENT, event_id: idOf(1) }, EVENT, { ...EVENT, color_name: 'pink' }]);
    await collector.post({ ...EVENT, event_id: idOf(1) });
    await collector.post({ ...EVENT, color_name: 'pink' });
    const metrics = await collector.metrics();
    expect(metrics).toContain('collector_events_accepted_total{topic="select-color"} 2');
    expect(metrics).toContain('collector_events_duplicate_total{topic="select-color"} 1');
    expect(metrics).toContain('collector_events_rejected_total{code="color-unknown"} 2');
    expect(metrics).toContain('collector_ack_seconds_count 2');
  });

  it('replaces what a page says in the collector’s fields', async () => {
    await collector.post({
      ...EVENT,
      received_at: 'x',
      user_agent: 'x',
      occurred_at_original: 'x',
      sent_at: null,
    });
    const [event] = collector.publisher.events();
    expect(event).toMatchObject({
      received_at: expect.stringMatching(/Z$/),
      user_agent: expect.not.stringMatching(/^x$/),
    });
    expect(Object.keys(event ?? {})).not.toEqual(expect.arrayContaining(['occurred_at_original']));
    expect(Object.keys(event ?? {})).not.toEqual(expect.arrayContaining(['sent_at']));
  });
});
