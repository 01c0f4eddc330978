import { DocumentReader } from './document-reader.ts';
import { eventJson, record, WINDOW } from '../../testing/records.fixture.ts';

const EVENTS = 2_500;

const records = Array.from({ length: EVENTS }, (_, n) => {
  const event_id = `01890a5d-ac96-474b-8000-${String(n).padStart(12, '0')}`;
  const user_agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
  return record(eventJson({ event_id, user_agent }), { offset: String(n) });
});
const reader = new DocumentReader('select-color', 1, WINDOW);

export const benchmarks = {
  'turn a record into a document': { events: EVENTS, run: () => records.map((each) => reader.read(each)) },
};
