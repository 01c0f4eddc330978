import { type IndexEffect } from './index-effect.ts';
import { type IndexTemplate } from './index-template.ts';

/** A document on its way into an index. */
export interface StoredDocument {
  readonly index: string;
  readonly id: string;
  readonly sourceBytes: number;
  /**
   * Writes its source, one JSON object in UTF-8 without a line break, into `target` from `at`.
   * @returns the index after it.
   */
  writeSource(target: Buffer, at: number): number;
}

/** What Elasticsearch answered for one document. */
export interface ItemResult {
  /** HTTP status of this document alone. */
  readonly status: number;
  readonly error?: { readonly type: string; readonly reason: string };
}

/** Where events are kept as documents. */
export interface DocumentStore {
  /**
   * Puts the template unless the same or a newer one is there. Safe to repeat.
   * @throws StoreError
   */
  ensureTemplate(template: IndexTemplate): Promise<void>;
  /**
   * What the index is; if there is none, what Elasticsearch would make of the name now.
   * @throws StoreError
   */
  indexEffect(index: string): Promise<IndexEffect>;
  /**
   * Creates each document unless its index holds its id already; what was created is on disk on every copy in sync
   * when this resolves. Result `i` belongs to document `i`. Never repeats a request by itself.
   * @throws StoreError when there is no result for any document: none, some or all may have been created.
   */
  createAll(documents: readonly StoredDocument[]): Promise<readonly ItemResult[]>;
}
