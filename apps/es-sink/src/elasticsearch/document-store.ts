import { type Receipt } from '@pipeline/event-schema';
import { type IndexEffect } from './index-effect.ts';
import { type IndexTemplate, type TableAlias } from './index-template.ts';

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
export interface SentDocument extends DocumentPlace {
  readonly sourceBytes: number;
  /**
   * Writes its source, one JSON object in UTF-8 without a line break, into `target` from `at`.
   * @returns the index after it.
   */
  writeSource(target: Buffer, at: number): number;
}

/** That of an event. */
export interface StoredDocument extends SentDocument {
  /** Where another copy of the event may lie; nothing for nearly all. */
  readonly otherIndex: string | undefined;
  readonly receipt: Receipt;
}

/** That of a row of a table, or of its deletion; its index is an alias. */
export interface RowDocument extends SentDocument {
  /** The offset of its record, decimal. */
  readonly version: string;
}

/** A deletion that has been kept long enough. */
export interface KeptDeletion extends DocumentPlace {
  readonly version: number;
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

/** Where events and rows of tables are kept as documents. */
export interface DocumentStore {
  /**
   * Puts the template unless the same or a newer one is there. Safe to repeat.
   * @throws StoreError
   */
  ensureTemplate(template: IndexTemplate): Promise<void>;
  /**
   * Makes an index behind the alias, unless the name is taken. Safe to repeat.
   * @throws StoreError
   */
  ensureAlias(alias: string, { index, filter }: TableAlias): Promise<void>;
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
   * Puts each row where its index has no newer version of it; 409 where it has the same or a newer one. Durable as what
   * `createAll` has created.
   * @throws StoreError
   */
  putNewest(documents: readonly RowDocument[]): Promise<readonly ItemResult[]>;
  /**
   * Some deletions in the table's indices that were to be kept until before `now`.
   * @throws StoreError
   */
  findOldDeletions(table: string, now: Date): Promise<readonly KeptDeletion[]>;
  /**
   * Removes each deletion unless a newer version of its row has come; 409 where one has. Leaves no version that a newer row
   * could meet.
   * @throws StoreError
   */
  forgetDeletions(deletions: readonly KeptDeletion[]): Promise<readonly ItemResult[]>;
  /**
   * Deletes what lies at each place; 404 where nothing does.
   * @throws StoreError
   */
  removeAll(places: readonly DocumentPlace[]): Promise<readonly ItemResult[]>;
}
