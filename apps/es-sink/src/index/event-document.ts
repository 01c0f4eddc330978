import { type LineageAppender, type Receipt } from '@pipeline/event-schema';
import { type StoredDocument } from '../elasticsearch/document-store.ts';
import { type EventPlace } from './index-name.ts';

/** What the source of a document is made of. */
export interface EventSource {
  /** The record's own bytes, as `jsonLine` gives them. */
  readonly line: Buffer;
  readonly partition: number;
  readonly offset: string;
  readonly lineage: LineageAppender;
}

/** An event as a document: its source is copied once, from the record into the request. */
export class EventDocument implements StoredDocument {
  readonly sourceBytes: number;

  constructor(
    private readonly place: EventPlace,
    readonly id: string,
    private readonly source: EventSource,
  ) {
    const { line, offset, lineage } = source;
    this.sourceBytes = lineage.rowLength(line, offset);
  }

  get index(): string {
    return this.place.index;
  }

  get otherIndex(): string | undefined {
    return this.place.otherIndex;
  }

  /** Parsed from the source when it is asked for, which only copies are. */
  get receipt(): Receipt {
    const { line, partition, offset } = this.source;
    const { received_at: receivedAt } = JSON.parse(line.toString()) as { readonly received_at?: unknown };
    return {
      receivedAt: typeof receivedAt === 'string' ? receivedAt : '',
      partition,
      offset: Number(offset),
    };
  }

  writeSource(target: Buffer, at: number): number {
    const { line, offset, lineage } = this.source;
    return lineage.write(line, offset, target, at);
  }
}
