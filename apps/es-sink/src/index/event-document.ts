import { type LineageAppender } from '@pipeline/event-schema';
import { type StoredDocument } from '../elasticsearch/document-store.ts';

/** What the source of a document is made of. */
export interface EventSource {
  /** The record's own bytes, as `jsonLine` gives them. */
  readonly line: Buffer;
  readonly offset: string;
  readonly lineage: LineageAppender;
}

/** An event as a document: its source is copied once, from the record into the request. */
export class EventDocument implements StoredDocument {
  readonly sourceBytes: number;

  constructor(
    readonly index: string,
    readonly id: string,
    private readonly source: EventSource,
  ) {
    const { line, offset, lineage } = source;
    this.sourceBytes = lineage.rowLength(line, offset);
  }

  writeSource(target: Buffer, at: number): number {
    const { line, offset, lineage } = this.source;
    return lineage.write(line, offset, target, at);
  }
}
