import { type SentDocument } from '../elasticsearch/document-store.ts';
import { StoreError } from '../elasticsearch/store-error.ts';
import { type BulkOutcome } from './bulk-outcome.ts';

/** The outcome of a document that was not sent because its partition was lost. */
export const REVOKED: BulkOutcome = {
  kind: 'retry',
  error: new StoreError('revoked', 'The partition was lost'),
};

/** One `index()` call on its way: which documents were taken into a request, which have an outcome. */
export class BulkCall<Document extends SentDocument> {
  readonly settled: Promise<readonly BulkOutcome[]>;
  private readonly outcomes: BulkOutcome[];
  private resolve!: (outcomes: readonly BulkOutcome[]) => void;
  private nextDocument = 0;
  private missing: number;

  constructor(
    readonly documents: readonly Document[],
    readonly revoked: AbortSignal,
  ) {
    this.missing = documents.length;
    this.outcomes = new Array<BulkOutcome>(documents.length);
    this.settled = new Promise((resolve) => (this.resolve = resolve));
    if (revoked.aborted) this.revoke();
    else revoked.addEventListener('abort', this.revoke, { once: true });
  }

  /** The document that is to be sent next, if any. */
  peek(): Document | undefined {
    return this.documents[this.nextDocument];
  }

  /** Takes the document that {@link peek} shows; the caller owes it an outcome. */
  take(): BulkEntry<Document> {
    const position = this.nextDocument++;
    return { call: this, position, document: this.documents[position]! };
  }

  settle(position: number, outcome: BulkOutcome): void {
    this.outcomes[position] = outcome;
    this.missing -= 1;
    if (this.missing > 0) return;
    this.revoked.removeEventListener('abort', this.revoke);
    this.resolve(this.outcomes);
  }

  /** What was not sent is never sent; what is under way still gets its own outcome. */
  private readonly revoke = (): void => {
    while (this.peek()) this.settle(this.take().position, REVOKED);
  };
}

/** A document inside a request, and the call it belongs to. */
export interface BulkEntry<Document extends SentDocument> {
  readonly call: BulkCall<Document>;
  readonly position: number;
  readonly document: Document;
}
