import { type StoredDocument } from './document-store.ts';

/** A document whose source is there already. */
export function documentOf(index: string, id: string, source: Buffer | string): StoredDocument {
  const bytes = Buffer.from(source);
  return {
    index,
    id,
    sourceBytes: bytes.length,
    writeSource: (target, at) => at + bytes.copy(target, at),
  };
}

export function sourceOf(document: StoredDocument): string {
  const bytes = Buffer.alloc(document.sourceBytes);
  document.writeSource(bytes, 0);
  return bytes.toString();
}
