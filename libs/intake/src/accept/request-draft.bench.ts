import { EVENT_TOPICS } from '@pipeline/event-schema';
import { PassingTracer } from '@pipeline/observability';
import { type Origin } from '../origin.ts';
import { IdMemory } from './id-memory.ts';
import { readEvents } from './read-events.ts';
import { RequestDraft, TopicEncoders } from './request-draft.ts';

const EVENTS = 50;

const origin: Origin = {
  receivedMs: Date.parse('2026-11-22T10:00:00.123Z'),
  span: new PassingTracer().start('accept', { kind: 'server' }),
  client: '192.0.2.1',
  fields: {
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    is_bot: false,
    bot_reason: undefined,
    client_network: undefined,
  },
  withheld: [],
};
const clicks = Array.from({ length: EVENTS }, (_, n) => ({
  event_id: `01890a5d-ac96-774b-8000-${String(n).padStart(12, '0')}`,
  event_type: 'select-color',
  schema_version: 1,
  user_name: `visitor ${n}`,
  color_name: 'green',
  visitor_id: '018f5d2a-7c1e-7b3a-9d55-000000000001',
  page_url: 'http://localhost:3000/',
}));
const body = Buffer.from(JSON.stringify(clicks));
/** No event is a duplicate. */
const tools = {
  topics: new Set<string>(EVENT_TOPICS),
  recentIds: new IdMemory(0),
  encoders: new TopicEncoders(),
};

function accept(): RequestDraft {
  const draft = new RequestDraft(tools, origin);
  const events = readEvents(body, EVENTS);
  for (let index = 0; index < EVENTS; index += 1) draft.add(events, index);
  return draft;
}

export const benchmarks = {
  'read the body of a request': { events: EVENTS, run: () => readEvents(body, EVENTS) },
  'read, check, stamp and encode a request': { events: EVENTS, run: accept },
};
