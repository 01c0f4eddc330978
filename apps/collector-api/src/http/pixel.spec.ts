import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, CollectorUnderTest, idOf } from '../../testing/start-collector.fixture.ts';

describe('GET /v1/events/pixel.gif', () => {
  let collector: CollectorUnderTest;
  beforeEach(async () => {
    collector = await CollectorUnderTest.start();
  });
  afterEach(() => collector.close());

  const CLICK = 'event_type=select-color&user_name=Ada&color_name=navy';
  const get = (query: string, headers: Record<string, string> = {}): Promise<Answer> =>
    collector.ask({ method: 'GET', url: `/v1/events/pixel.gif?${query}`, headers });
  const said = ({ status, headers }: Answer) => [status, headers['x-event-status']];
  const expectImage = ({ headers, text }: Answer): void => {
    expect(text.startsWith('GIF89a')).toBe(true);
    expect(headers).toMatchObject({
      'content-type': 'image/gif',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'cross-origin',
    });
  };

  it('stores the event that its query says, with types as the contract has them', async () => {
    const answer = await get(`${CLICK}&schema_version=1&page_url=https%3A%2F%2Fa.example%2F&campaign=17`);
    expect(said(answer)).toEqual([200, 'accepted']);
    expectImage(answer);
    expect(collector.publisher.events()[0]).toMatchObject({
      user_name: 'Ada',
      schema_version: 1,
      page_url: 'https://a.example/',
      campaign: '17',
      is_bot: true,
    });
  });

  it('answers only when the event is durable, and tells a repetition', async () => {
    collector.publisher.hold();
    let answered = false;
    const first = get(`${CLICK}&event_id=${idOf(1)}`).finally(() => (answered = true));
    while (collector.publisher.calls.length === 0) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(answered).toBe(false);
    collector.publisher.release();
    expect(said(await first)).toEqual([200, 'accepted']);
    expect(said(await get(`${CLICK}&event_id=${idOf(1)}`))).toEqual([200, 'duplicate']);
  });

  it.each([
    ['event_type=select-color&user_name=Ada&color_name=pink', 'color-unknown'],
    [`${CLICK}&user_name=Bob`, 'field-type'],
    [`${CLICK}&schema_version=x`, 'field-type'],
    [`${CLICK}&__proto__=x`, 'field-reserved'],
    ['', 'field-missing'],
  ])('is an image with status 400 and the code of the event, for %s', async (query, code) => {
    const answer = await get(query);
    expect(said(answer)).toEqual([400, code]);
    expectImage(answer);
    expect(collector.rejected.events.map((event) => event.code)).toEqual([code]);
  });

  it('is an image when Kafka is down, too', async () => {
    collector.publisher.failure = 'kafka-unavailable';
    const answer = await get(CLICK);
    expect(said(answer)).toEqual([503, 'kafka-unavailable']);
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    expectImage(answer);
  });

  it('is an image without a write key, and takes the key from the query without storing it', async () => {
    await collector.close();
    collector = await CollectorUnderTest.start({ COLLECTOR_API_WRITE_KEYS: 'key-one' });
    const refused = await get(CLICK);
    expect(said(refused)).toEqual([401, 'write-key-missing']);
    expectImage(refused);
    expect(said(await get(`${CLICK}&write_key=key-one`))).toEqual([200, 'accepted']);
    expect(JSON.stringify(collector.publisher.events())).not.toContain('key-one');
  });

  it('counts no look at its headers as an event', async () => {
    const answer = await collector.ask({ method: 'HEAD', url: `/v1/events/pixel.gif?${CLICK}` });
    expect(answer.status).toBe(405);
    expect(collector.publisher.calls).toEqual([]);
  });
});
