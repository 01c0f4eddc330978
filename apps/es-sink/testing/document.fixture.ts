import { type Receipt } from '@pipeline/event-schema';
import { type StoredDocument } from '../src/elasticsearch/document-store.ts';

/** A document whose source is there already. */
export function documentOf(
  index: string,
  id: string,
  source: Buffer | string,
  receipt: Receipt = { receivedAt: '', partition: 0, offset: 0 },
): StoredDocument {
  const bytes = Buffer.from(source);
  return {
    index,
    id,
    otherIndex: undefined,
    receipt,
    sourceBytes: bytes.length,
    writeSource: (target, at) => at + bytes.copy(target, at),
  };
}

export function sourceOf(document: StoredDocument): string {
  const bytes = Buffer.alloc(document.sourceBytes);
  document.writeSource(bytes, 0);
  return bytes.toString();
}
