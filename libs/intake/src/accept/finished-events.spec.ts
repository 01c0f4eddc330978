import { expect, it } from '@jest/globals';
import { originOf } from '../../testing/origin.fixture.ts';
import { IdMemory } from './id-memory.ts';
import { type FinishedEvent, RequestDraft, TopicEncoders } from './request-draft.ts';

const tools = () => ({
  topics: new Set(['log-record']),
  recentIds: new IdMemory(100),
  encoders: new TopicEncoders(),
});

const event = (change: Partial<FinishedEvent> = {}): FinishedEvent => ({
  eventId: '01890a5d-ac96-874b-bcce-b302099a8057',
  topic: 'log-record',
  schemaVersion: 1,
  key: 'host',
  json: '{"event_id":"01890a5d-ac96-874b-bcce-b302099a8057","body":"x"}',
  moreFields: ',"host_name":"host"',
  isTimed: true,
  ...change,
});

it('a finished event is its own text, what many share, and the fields of its origin', () => {
  const draft = new RequestDraft(tools(), originOf());
  draft.addFinished(event());
  draft.addFinished(
    event({ eventId: '01890a5d-ac96-874b-bcce-b302099a8058', isTimed: false, moreFields: '' }),
  );
  const [timed, untimed] = draft
    .take(draft.batches[0]!)
    .decode()
    .map(({ value }) => JSON.parse(String(value)) as Record<string, unknown>);
  expect(timed).toMatchObject({ body: 'x', host_name: 'host', received_at: expect.any(String) });
  expect(timed).not.toHaveProperty('occurred_at');
  expect(untimed).toMatchObject({ occurred_at: untimed!['received_at'], occurred_at_original: '' });
  expect(untimed).not.toHaveProperty('host_name');
});

it('a finished event that comes again is a duplicate', () => {
  const shared = tools();
  const first = new RequestDraft(shared, originOf());
  first.addFinished(event());
  first.addFinished(event());
  expect([first.batches[0]!.accepted, first.duplicates]).toEqual([1, 1]);
  const second = new RequestDraft(shared, originOf());
  second.addFinished(event());
  expect([second.duplicates, second.rejected, second.earlier]).toEqual([1, [], [first.batches[0]!.delivery]]);
});

it('a finished event that is too large, of a foreign type or found wrong is rejected alone', () => {
  const draft = new RequestDraft(tools(), originOf());
  const wrong = { code: 'field-type', message: 'wrong', path: 'body' } as const;
  draft.addFinished(event({ json: `{"body":"${'x'.repeat(900_000)}"}` }));
  draft.addFinished(event({ topic: 'page-view' }));
  draft.addFinished({ value: { body: 7 }, rejection: wrong });
  draft.addFinished(event());
  expect(draft.rejections.map(({ code }) => code)).toEqual([
    'event-too-large',
    'event-type-not-taken',
    'field-type',
  ]);
  expect(draft.take(draft.batches[0]!).count).toBe(1);
});
