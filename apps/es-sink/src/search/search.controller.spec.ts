import { describe, expect, it } from '@jest/globals';
import { createLogger } from '@pipeline/observability';
import { StoreError } from '../elasticsearch/store-error.ts';
import { MemoryEventSearch } from '../../testing/event-search.double.ts';
import { SearchController } from './search.controller.ts';

const SUMMARY = { from: '2026-11-22T00:00:00.000Z', to: '2026-11-22T01:00:00.000Z', bucketMs: 60_000 };
const PLACE = { topic: 'select-color', partition: 2, offset: 41 };
const NO_COLOR = { red: 0, orange: 0, yellow: 0, green: 0, blue: 0, navy: 0, purple: 0 };
const NOBODY = {
  pageViews: { total: 0, buckets: [] },
  visitors: { all: 0, saw: 0, converted: 0, compared: 0, unnamedEvents: 0 },
  slices: {
    page: [],
    referrer: [],
    utm_source: [],
    utm_medium: [],
    utm_campaign: [],
    browser: [],
    os: [],
    device: [],
  },
};
const REPLIES = {
  summary: { total: 0, byColor: NO_COLOR, buckets: [], ...NOBODY },
  latest: { events: [] },
};

function rig() {
  const search = new MemoryEventSearch(REPLIES);
  return { search, controller: new SearchController(search, createLogger('spec', 'silent')) };
}

describe('a question over Kafka', () => {
  it('is answered with what the search found', async () => {
    const { search, controller } = rig();
    expect(await controller.summary(SUMMARY)).toEqual(REPLIES.summary);
    expect(await controller.latest({ limit: 3 })).toEqual(REPLIES.latest);
    expect(await controller.document({ eventId: 'a' })).toEqual({});
    expect(await controller.document(PLACE)).toEqual({});
    expect(search.asked).toEqual([
      { ...SUMMARY, withBots: false, withVisits: false, filters: {} },
      { limit: 3 },
      { eventId: 'a' },
      PLACE,
    ]);
  });

  it('that makes no sense is answered with the mistake, and never reaches the store', async () => {
    const { search, controller } = rig();
    expect(await controller.summary({ ...SUMMARY, bucketMs: 1 })).toEqual({
      error: { code: 'invalid-query', message: expect.stringContaining('bucketMs') },
    });
    expect(await controller.latest(null)).toMatchObject({ error: { code: 'invalid-query' } });
    for (const eventId of [undefined, '', 7, 'x'.repeat(513)])
      expect(await controller.document({ eventId })).toMatchObject({ error: { code: 'invalid-query' } });
    for (const change of [{ topic: 'secrets' }, { topic: 7 }, { partition: -1 }, { offset: '1' }])
      expect(await controller.document({ ...PLACE, ...change })).toMatchObject({
        error: { code: 'invalid-query' },
      });
    expect(search.asked).toEqual([]);
  });

  it.each([
    [new StoreError('timeout', 'http://user:secret@es:9200'), 'timeout'],
    [new StoreError('unavailable', 'http://user:secret@es:9200'), 'unavailable'],
    [new StoreError('unauthorized', 'http://user:secret@es:9200'), 'unavailable'],
    [new TypeError('a mistake of ours'), 'internal'],
  ])('that fails with %s is an answer, not an exception, and names no address', async (error, code) => {
    const { search, controller } = rig();
    search.error = error;
    const answer = await controller.latest({ limit: 1 });
    expect(answer).toMatchObject({ error: { code } });
    expect(JSON.stringify(answer)).not.toMatch(/secret|mistake/);
  });
});
