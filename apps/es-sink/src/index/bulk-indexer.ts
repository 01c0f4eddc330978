import { entryBytes } from '../elasticsearch/bulk-body.ts';
import { type ItemResult, type SentDocument } from '../elasticsearch/document-store.ts';
import { storeErrorOf } from '../elasticsearch/store-error-of.ts';
import { BulkCall, type BulkEntry, REVOKED } from './bulk-call.ts';
import { type BulkOutcome, bulkOutcome } from './bulk-outcome.ts';
import { RequestSize } from './request-size.ts';

export interface BulkIndexerOptions {
  /** Most bytes of one request; a larger document travels alone. */
  readonly maxRequestBytes: number;
  readonly maxConcurrentRequests: number;
}

/**
 * Sends the documents of all partitions in shared bulk requests. While every allowed request is under way, what
 * arrives is collected and leaves together, so that many small flushes become few large requests under load, and
 * nothing waits when there is none.
 */
export class BulkIndexer<Document extends SentDocument> {
  private readonly waiting: BulkCall<Document>[] = [];
  private readonly size: RequestSize;
  private inFlight = 0;
  private scheduled = false;

  constructor(
    private readonly write: (documents: readonly Document[]) => Promise<readonly ItemResult[]>,
    private readonly options: BulkIndexerOptions,
  ) {
    this.size = new RequestSize(options.maxRequestBytes);
  }

  /**
   * Outcome `i` belongs to document `i`; a failure of a whole request is the outcome `retry` of its documents. Never
   * rejects. After `revoked` nothing of this call is sent any more.
   */
  index(documents: readonly Document[], revoked: AbortSignal): Promise<readonly BulkOutcome[]> {
    if (documents.length === 0) return Promise.resolve([]);
    const call = new BulkCall(documents, revoked);
    this.waiting.push(call);
    this.schedule();
    return call.settled;
  }

  /** Partitions that flush in the same turn of the event loop share a request. */
  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.fillSlots();
    });
  }

  private fillSlots(): void {
    while (this.inFlight < this.options.maxConcurrentRequests) {
      const entries = this.takeRequest();
      if (entries.length === 0) return;
      this.inFlight += 1;
      void this.send(entries).finally(() => {
        this.inFlight -= 1;
        this.schedule();
      });
    }
  }

  private takeRequest(): BulkEntry<Document>[] {
    const entries: BulkEntry<Document>[] = [];
    let room = this.size.bytes;
    for (let call = this.waiting[0]; call !== undefined; call = this.waiting[0]) {
      for (let next = call.peek(); next !== undefined; next = call.peek()) {
        room -= entryBytes(next);
        if (room < 0 && entries.length > 0) return entries;
        entries.push(call.take());
      }
      this.waiting.shift();
    }
    return entries;
  }

  /** Gives every entry its outcome; never rejects. */
  private async send(entries: readonly BulkEntry<Document>[]): Promise<void> {
    try {
      const results = await this.write(entries.map(({ document }) => document));
      this.size.succeeded();
      for (const [i, { call, position }] of entries.entries())
        call.settle(position, bulkOutcome(results[i]!));
    } catch (error) {
      const failure = storeErrorOf(error);
      if (failure.code === 'too-large') return this.sendSmaller(entries);
      this.size.failed();
      settleAll(entries, { kind: 'retry', error: failure });
    }
  }

  private async sendSmaller(entries: readonly BulkEntry<Document>[]): Promise<void> {
    const sentBytes = entries.reduce((sum, { document }) => sum + entryBytes(document), 0);
    if (entries.length === 1) {
      const message = `Elasticsearch refuses a request of ${sentBytes} bytes`;
      return settleAll(entries, { kind: 'permanent', code: 'too-large', message });
    }
    this.size.tooLarge(sentBytes);
    const middle = entries.length / 2;
    for (const half of [entries.slice(0, middle), entries.slice(middle)]) {
      settleAll(half.filter(isRevoked), REVOKED);
      const owned = half.filter((entry) => !isRevoked(entry));
      if (owned.length > 0) await this.send(owned);
    }
  }
}

function isRevoked({ call }: { readonly call: { readonly revoked: AbortSignal } }): boolean {
  return call.revoked.aborted;
}

function settleAll(
  entries: readonly {
    readonly call: { settle: BulkCall<SentDocument>['settle'] };
    readonly position: number;
  }[],
  outcome: BulkOutcome,
): void {
  for (const { call, position } of entries) call.settle(position, outcome);
}
