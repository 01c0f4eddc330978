import { bulkBody } from './bulk-body.ts';
import { type StoredDocument } from './document-store.ts';

const EVENTS = 2_500;
const SOURCE = Buffer.alloc(340, '{}');

const documents = Array.from({ length: EVENTS }, (_, n): StoredDocument => ({
  index: 'select-color-2026.11.22',
  id: `01890a5d-ac96-774b-8000-${String(n).padStart(12, '0')}`,
  otherIndex: undefined,
  receipt: { receivedAt: '', partition: 0, offset: n },
  sourceBytes: SOURCE.length,
  writeSource: (target, at) => at + SOURCE.copy(target, at),
}));

export const benchmarks = {
  'build a bulk body': { events: EVENTS, run: () => bulkBody(documents) },
};
