import { parseInstant } from '@pipeline/event-schema';
import { MAX_EXAMPLES } from '../report/findings.ts';
import { contentFingerprint, type Fingerprint } from './fingerprint.ts';
import { type OffsetMap } from './offset-map.ts';

/** One of several records with the same event id. */
export interface Copy {
  readonly partition: number;
  readonly offset: number;
  /** As the record says; absent where it says nothing. */
  readonly receivedAt?: string;
}

/** An event id under which Kafka has records that say different things. */
export interface DifferentCopies {
  readonly eventId: string;
  /** The first {@link MAX_EXAMPLES}, by partition and offset. */
  readonly copies: readonly Copy[];
  /** What Hive's view has to show: received first, then by partition and offset. */
  readonly first: Copy;
  /** What Elasticsearch shows. */
  readonly document?: Copy;
}

export interface DifferingCopies {
  readonly total: number;
  /** The first {@link MAX_EXAMPLES}. */
  readonly examples: readonly DifferentCopies[];
}

interface Seen extends Copy {
  readonly record: number;
  readonly receivedMs: number;
}

interface Group {
  readonly eventId: string;
  readonly content: Fingerprint;
  readonly copies: Seen[];
  differs: boolean;
  first: Seen | undefined;
  document: Seen | undefined;
}

export interface CopyFacts {
  readonly record: number;
  readonly isDocument: boolean;
  /** Whether Elasticsearch could show it. */
  readonly isEligible: boolean;
}

/**
 * Records that share an event id. A repetition of the same event is normal; other content under the same id is named.
 * Both stores follow one order: the copy that was received first, then the lower partition, then the lower offset.
 */
export class IdCopies {
  /** By the number of the first record with the id; made for ids that are there more than once. */
  private readonly groups = new Map<number, Group | undefined>();

  constructor(private readonly offsets: OffsetMap) {}

  get isExpecting(): boolean {
    return this.groups.size > 0;
  }

  /** Kafka has another record with the id of record `first`. */
  expect(first: number): void {
    this.groups.set(first, undefined);
  }

  /** Takes a record whose id is that of record `first`; in order within a partition. */
  add(first: number, value: Buffer, { record, isDocument, isEligible }: CopyFacts): void {
    if (!this.groups.has(first)) return;
    const event = JSON.parse(value.toString()) as Readonly<Record<string, unknown>>;
    const content = contentFingerprint(value);
    const eventId = String(event.event_id);
    const group: Group = this.groups.get(first) ?? {
      ...{ eventId, content, copies: [], differs: false },
      ...{ first: undefined, document: undefined },
    };
    this.groups.set(first, group);
    const copy = this.copyOf(record, event.received_at);
    if (content !== group.content) group.differs = true;
    if (group.copies.length < MAX_EXAMPLES) group.copies.push(copy);
    if (isDocument) group.document = copy;
    if (isEligible && (group.first === undefined || isBefore(copy, group.first))) group.first = copy;
  }

  /** Record numbers of the copy that was received first and of the document, for each id whose copies differ. */
  *differing(): Generator<{ readonly first: number; readonly document: number | undefined }> {
    for (const { first, document } of this.different()) {
      if (first !== undefined) yield { first: first.record, document: document?.record };
    }
  }

  report(): DifferingCopies {
    const all = [...this.different()];
    const examples = all.slice(0, MAX_EXAMPLES).map(({ eventId, copies, first, document }) => ({
      eventId,
      copies: copies.map(placeOf),
      first: placeOf(first ?? copies[0]!),
      ...(document && { document: placeOf(document) }),
    }));
    return { total: all.length, examples };
  }

  private *different(): Generator<Group> {
    for (const group of this.groups.values()) if (group?.differs) yield group;
  }

  private copyOf(record: number, receivedAt: unknown): Seen {
    const text = typeof receivedAt === 'string' ? receivedAt : undefined;
    const parsed = text === undefined ? Number.NaN : parseInstant(text);
    const receivedMs = Number.isNaN(parsed) ? Infinity : parsed;
    const place = this.offsets.origin(record);
    return { ...place, ...(text !== undefined && { receivedAt: text }), record, receivedMs };
  }
}

function isBefore(a: Seen, b: Seen): boolean {
  return (a.receivedMs - b.receivedMs || a.partition - b.partition || a.offset - b.offset) < 0;
}

function placeOf({ partition, offset, receivedAt }: Copy): Copy {
  return { partition, offset, ...(receivedAt !== undefined && { receivedAt }) };
}
