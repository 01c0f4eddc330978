/** The documents that es-sink indexed. */
export interface DocumentStore {
  /**
   * Fixes what is read: everything that is indexed now, searchable or not yet.
   * @returns reads each document, its source as the bytes that were indexed, valid until `onDocument` returns.
   */
  snapshot(): Promise<(onDocument: (id: string, source: Buffer, index: string) => void) => Promise<void>>;
}
