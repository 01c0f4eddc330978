import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { storedEvent } from '../../testing/clicks.fixture.ts';
import { type StartedWebUi, startWebUi } from '../../testing/start-web-ui.fixture.ts';
import { HistoryError } from './history-error.ts';

const range = 'from=2026-11-22T10:00:00Z&to=2026-11-22T11:00:00Z&bucket=60000';

let web: StartedWebUi;
beforeAll(async () => {
  web = await startWebUi();
});
afterAll(() => web.stop());
beforeEach(() => {
  web.history.failure = undefined;
});

const get = (url: string) => web.app.inject({ url });

describe('the history over HTTP', () => {
  it('is the answer of who stores it, and is not stored by browsers', async () => {
    const { statusCode, headers, body } = await get(`/v1/summary?${range}`);
    expect(statusCode).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(JSON.parse(body)).toEqual(web.history.summaryReply);
  });

  it('shows of an event what pages may see', async () => {
    web.history.latestReply = { events: [storedEvent({ user_name: '<b>Bob</b>' })] };
    const { body } = await get('/v1/latest?limit=5');
    expect(JSON.parse(body)).toMatchObject({ events: [{ user_name: '<b>Bob</b>', color_name: 'blue' }] });
    expect(body).not.toContain('secret');
  });

  it.each([`/v1/summary?${range}`, '/v1/latest'])(
    'is 503 when there is no answer, and says when to ask again: %s',
    async (url) => {
      web.history.failure = new HistoryError('history-timeout', 'No answer within 2000 ms');
      const { statusCode, headers, body } = await get(url);
      expect([statusCode, headers['retry-after']]).toEqual([503, '2']);
      expect(JSON.parse(body)).toEqual({ code: 'history-timeout', message: 'No answer within 2000 ms' });
    },
  );

  it('tells who asks badly what is wrong', async () => {
    const { statusCode, body } = await get('/v1/summary?from=now');
    expect(statusCode).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ code: 'invalid-range' });
  });

  it('says nothing of an error that nobody foresaw', async () => {
    web.history.failure = new TypeError('secret detail') as HistoryError;
    const { statusCode, body } = await get('/v1/latest');
    expect(statusCode).toBe(500);
    expect(JSON.parse(body)).toEqual({ code: 'internal-error', message: 'The request failed' });
  });
});
