import { validateEvent } from './validate-event.ts';

const EVENTS = 50;

/** A request of a page, parsed. */
const clicks = Array.from({ length: EVENTS }, (_, n) => ({
  event_id: `01890a5d-ac96-774b-8000-${String(n).padStart(12, '0')}`,
  event_type: 'select-color',
  schema_version: 1,
  user_name: `visitor ${n}`,
  color_name: 'green',
  visitor_id: '018f5d2a-7c1e-7b3a-9d55-000000000001',
  page_url: 'http://localhost:3000/',
  campaign: 'spring',
}));

export const benchmarks = {
  'validate an event': { events: EVENTS, run: () => clicks.map((event) => validateEvent(event)) },
};
