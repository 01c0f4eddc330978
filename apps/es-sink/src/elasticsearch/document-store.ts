import { type Receipt } from '@pipeline/event-schema';
import { type IndexEffect } from './index-effect.ts';
import { type IndexTemplate } from './index-template.ts';

export interface DocumentPlace {
  readonly index: string;
  readonly id: string;
}

/** A document as it lies in its index. */
export interface FoundDocument extends DocumentPlace {
  readonly receipt: Receipt;
  /** Which of its states was found. */
  readonly state: { readonly if_seq_no: number; readonly if_primary_term: number };
}

/** A document on its way into an index. */
export interface StoredDocument extends DocumentPlace {
  /** Where another copy of the event may lie; nothing for nearly all. */
  readonly otherIndex: string | undefined;
  readonly receipt: Receipt;
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

export interface Replacement {
  readonly document: StoredDocument;
  readonly found: FoundDocument;
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
  /**
   * What lies at each place now, searchable or not; nothing where no document or no index is.
   * @throws StoreError
   */
  findAll(places: readonly DocumentPlace[]): Promise<readonly (FoundDocument | undefined)[]>;
  /**
   * Puts each document in the place of one that was found. Result `i` belongs to replacement `i`: 409 where that has
   * changed since.
   * @throws StoreError
   */
  replaceAll(replacements: readonly Replacement[]): Promise<readonly ItemResult[]>;
  /**
   * Deletes what lies at each place; 404 where nothing does.
   * @throws StoreError
   */
  removeAll(places: readonly DocumentPlace[]): Promise<readonly ItemResult[]>;
}
