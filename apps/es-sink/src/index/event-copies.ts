import { compareReceipts } from '@pipeline/event-schema';
import {
  type DocumentStore,
  type Replacement,
  type StoredDocument,
} from '../elasticsearch/document-store.ts';
import { StoreError } from '../elasticsearch/store-error.ts';
import { type BulkOutcome, bulkOutcome } from './bulk-outcome.ts';
import { isUndated } from './index-name.ts';

const NOT_THERE = 404;

/** Places in one request. */
const MAX_PLACES = 1_000;

/** A document whose index held its id already, or of which another index may hold a copy. */
interface Doubtful {
  readonly at: number;
  readonly document: StoredDocument;
}

const DUPLICATE: BulkOutcome = { kind: 'duplicate' };

/** What was looked at has changed meanwhile; the next try sees it as it is then. */
const CHANGED: BulkOutcome = {
  kind: 'retry',
  error: new StoreError('conflict', 'Another writer changed a copy of the event'),
};

/**
 * Makes one document of the copies of an event, whatever the order in which they are written. Asked only after the
 * documents were sent, and only about those that met another, or that lie near an end of the window of event times.
 */
export class EventCopies {
  constructor(private readonly store: DocumentStore) {}

  /**
   * Where an index holds the id of a document, the copy that was received first stays. Where a copy lies with the
   * undated events and another in its day, that of the day stays: each is written before it looks for the other, so at
   * least one finds both. Safe to repeat.
   * @param outcomes of these documents; changed where one has to be tried again.
   * @throws StoreError
   */
  async unite(documents: readonly StoredDocument[], outcomes: BulkOutcome[]): Promise<void> {
    const met: Doubtful[] = [];
    const astride: Doubtful[] = [];
    for (const [at, outcome] of outcomes.entries()) {
      const document = documents[at]!;
      if (outcome.kind === 'duplicate') met.push({ at, document });
      const isStored = outcome.kind === 'duplicate' || outcome.kind === 'written';
      if (isStored && document.otherIndex !== undefined) astride.push({ at, document });
    }
    for (const some of pages(met)) await this.keepFirst(some, outcomes);
    for (const some of pages(astride)) await this.leaveUndated(some.map(({ document }) => document));
  }

  private async keepFirst(met: readonly Doubtful[], outcomes: BulkOutcome[]): Promise<void> {
    const found = await this.store.findAll(met.map(({ document }) => document));
    const earlier: (Doubtful & Replacement)[] = [];
    for (const [i, { at, document }] of met.entries()) {
      const there = found[i];
      if (there === undefined) outcomes[at] = CHANGED;
      else if (compareReceipts(document.receipt, there.receipt) < 0)
        earlier.push({ at, document, found: there });
    }
    if (earlier.length === 0) return;
    const results = await this.store.replaceAll(earlier);
    for (const [i, { at }] of earlier.entries()) {
      const outcome = bulkOutcome(results[i]!);
      if (outcome.kind === 'duplicate') outcomes[at] = CHANGED;
      else outcomes[at] = outcome.kind === 'written' ? DUPLICATE : outcome;
    }
  }

  private async leaveUndated(documents: readonly StoredDocument[]): Promise<void> {
    const others = documents.map(({ id, otherIndex }) => ({ id, index: otherIndex! }));
    const found = await this.store.findAll(others);
    const doubled = documents.filter((_, i) => found[i] !== undefined);
    if (doubled.length === 0) return;
    const places = doubled.map(({ id, index, otherIndex }) => ({
      id,
      index: isUndated(index) ? index : otherIndex!,
    }));
    for (const result of await this.store.removeAll(places)) {
      const outcome = bulkOutcome(result);
      if (outcome.kind === 'retry' && result.status !== NOT_THERE) throw outcome.error;
    }
  }
}

function* pages<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += MAX_PLACES) yield all.slice(at, at + MAX_PLACES);
}
