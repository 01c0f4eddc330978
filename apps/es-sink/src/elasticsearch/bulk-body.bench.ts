import { bulkBody } from './bulk-body.ts';
import { documentOf } from '../../testing/document.fixture.ts';

const EVENTS = 2_500;

const documents = Array.from({ length: EVENTS }, (_, n) =>
  documentOf(
    'select-color-2026.11.22',
    `01890a5d-ac96-774b-8000-${String(n).padStart(12, '0')}`,
    Buffer.alloc(340, '{}'),
  ),
);

export const benchmarks = {
  'build a bulk body': { events: EVENTS, run: () => bulkBody(documents) },
};
