import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CollectorUnderTest, EVENT, idOf } from '../../testing/start-collector.fixture.ts';

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

  it('publishes them so beside events in which every number is spelt as JavaScript spells it', async () => {
    const times = '"occurred_at":"2026-11-22T10:00:00.000Z",';
    const json = (n: number, fields: string): string =>
      `{"event_id":"${idOf(n)}","event_type":"select-color","schema_version":1,${times}"user_name":"Ada","color_name":"navy",${fields},"sent_at":"2026-11-22T10:00:00.000Z"}`;
    const fields = ['"n":1', '"n":[1.5,-7]', '"n":1.0', '"s":"x"', '"n":{"m":2}', '"n":1e2', '"n":100'];
    await collector.send(`[${fields.map((field, n) => json(n, field)).join(',')}]`);
    const values = collector.publisher.calls[0]!.records.map(({ value }) => value);
    expect(values.map((value) => /"navy",(.*?),"occurred_at"/.exec(value)?.[1])).toEqual(
      fields.map((field) => expect.stringContaining(field)),
    );
  });

  it('publishes them so where an event that it rejects holds a copy with other digits', async () => {
    const copy = JSON.stringify({ event_id: idOf(1), ...EVENT, schema_version: 1, n: 1 });
    const refused = JSON.stringify({ event_id: idOf(2), ...EVENT, color_name: 'pink', copy: 0 });
    const sent = copy.replace('"event_id":', '"event_id": ').replace('"n":1', '"n":1.0');
    await collector.send(`[${refused.replace('"copy":0', `"copy":${copy}`)},${sent}]`);
    expect(collector.publisher.calls[0]!.records.map(({ value }) => value)).toEqual([
      expect.stringContaining('"n":1.0,'),
    ]);
  });

  it('keeps an event that it rejects for a number as it was sent', async () => {
    const times = { occurred_at: '2026-11-22T10:00:00.000Z', sent_at: '2026-11-22T10:00:00.000Z' };
    const sent = JSON.stringify({ ...EVENT, ...times, tiny: 0 }).replace(':0}', ':1e-400}');
    const { json } = await collector.send(sent);
    expect(json.results).toMatchObject([{ event_id: null, code: 'number-out-of-range' }]);
    expect(collector.rejected.events).toMatchObject([{ event: times }]);
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
