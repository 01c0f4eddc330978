import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batchOf, storedEvent } from '../../testing/clicks.fixture.ts';
import { type StartedWebUi, startWebUi } from '../../testing/start-web-ui.fixture.ts';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const PICK = storedEvent({ event_id: ID, user_name: '민지', session_id: 'secret-session' });
const PLACE = { topic: 'select-color', partition: 1, offset: 40 };

let web: StartedWebUi;
let feed: string;
beforeAll(async () => {
  web = await startWebUi({ WEB_UI_LIVE_INTERVAL_MS: '20' });
  web.history.latestReply = { events: [PICK] };
  web.history.documentReply = () => ({ found: { index: 'select-color-2026.11.22', event: PICK } });
  feed = await liveFeed();
});
afterAll(() => web.stop());

const get = (url: string) => web.app.inject({ url });

/** The opening of the live feed, the snapshot and a frame after it. */
async function liveFeed(): Promise<string> {
  const { body } = await fetch(`${web.url}/v1/live`);
  const reader = body!.getReader();
  let text = '';
  for (;;) {
    text += Buffer.from((await reader.read()).value ?? []).toString();
    if (text.includes('event: frame')) break;
    if (text.includes('event: snapshot')) await web.kafka.deliver(batchOf([JSON.stringify(PICK)]));
  }
  await reader.cancel();
  return text;
}

describe('an event of somebody else', () => {
  it.each([
    ['/v1/live', () => Promise.resolve(shown(feed))],
    ['/v1/live/snapshot', async () => shown((await get('/v1/live/snapshot')).body)],
    ['/v1/latest', async () => shown((await get('/v1/latest?limit=5')).body)],
    ['its journey', async () => (await get('/v1/events/at/select-color/1/40/journey')).body],
  ])('has neither its id nor that of its visitor or session in %s', async (_, ask) => {
    expect(await ask()).not.toMatch(new RegExp(`event_id|eventId|${ID}|secret`));
  });

  it('has a journey at its place, which says nothing that the event says', async () => {
    const { statusCode, headers, body } = await get('/v1/events/at/select-color/1/40/journey');
    expect([statusCode, headers['cache-control']]).toEqual([200, 'no-store']);
    expect(JSON.parse(body)).toMatchObject({ position: PLACE, elasticsearch: { state: 'stored' } });
    expect(body).not.toMatch(/민지|blue/);
  });

  it.each(['secrets/0/1', 'select-color/x/1', 'select-color/0/-1', `select-color/0/${'9'.repeat(16)}`])(
    'has no place at %s',
    async (place) => {
      const { statusCode, body } = await get(`/v1/events/at/${place}/journey`);
      expect([statusCode, JSON.parse(body)]).toMatchObject([400, { code: 'invalid-place' }]);
    },
  );
});

describe('an event of one’s own', () => {
  it('has its journey by the id that the collector gave', async () => {
    const { statusCode, body } = await get(`/v1/events/${ID}/journey`);
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ eventId: ID, pick: { userName: '민지', color: 'blue' } });
  });

  it('has none by what is no id', async () => {
    const { statusCode, body } = await get('/v1/events/a/journey');
    expect([statusCode, JSON.parse(body)]).toMatchObject([400, { code: 'invalid-id' }]);
  });
});

/** An answer that has the event at all. */
function shown(body: string): string {
  expect(body).toContain('민지');
  return body;
}
