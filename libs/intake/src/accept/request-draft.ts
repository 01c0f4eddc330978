import { MAX_EVENT_BYTES, recordHeaders, recordKey } from '@pipeline/event-schema';
import { type Rejection, REJECTION_CODES, validateEvent } from '@pipeline/event-schema/contract';
import { type EncodedRecords, type RecordEncoder } from '@pipeline/kafka-transport';
import { type RejectedValue } from '../reject/rejected-log.ts';
import { Delivery } from './delivery.ts';
import { acceptedResult, duplicateResult, rejectedResult } from './event-result.ts';
import { type IdMemory } from './id-memory.ts';
import { restoreSpelling } from './number-spelling.ts';
import { type ReceivedEvents } from './read-events.ts';
import { type Sender, stampEvent, type StampedEvent } from './stamp-event.ts';
import { type TopicEncoders } from './topic-encoders.ts';

const TOO_LARGE: Rejection = {
  code: 'event-too-large',
  message: REJECTION_CODES['event-too-large'],
  path: '',
};

const ID_TAKEN: Rejection = {
  code: 'event-id-taken',
  message: REJECTION_CODES['event-id-taken'],
  path: 'event_id',
};

/** An event whose id is remembered, and the delivery that took it. */
interface Repetition {
  readonly id: string;
  readonly fingerprint: number;
  readonly earlier: Delivery;
  readonly batch: TopicBatch;
}

/** Spreads the bits of a time, so that it can be mixed into a hash. */
function hashOfTime(ms: number): number {
  return Math.imul(ms >>> 0, 0x9e3779b1) ^ Math.imul(Math.floor(ms / 2 ** 32), 0x85ebca6b);
}

function outOfRange(path: string): Rejection {
  return {
    code: 'number-out-of-range',
    message: REJECTION_CODES['number-out-of-range'],
    path: path.slice(0, MAX_PATH),
  };
}

/** A path repeats names that the client chose. */
const MAX_PATH = 200;

/** What one request brings to one topic. */
export interface TopicBatch {
  readonly topic: string;
  readonly encoder: RecordEncoder;
  /** Of this topic alone: what becomes of the others says nothing of it. */
  readonly delivery: Delivery;
  accepted: number;
  duplicates: number;
}

/** What drafts are made with. */
export interface DraftTools {
  readonly recentIds: IdMemory;
  readonly encoders: TopicEncoders;
}

/**
 * The decisions on one request's events: what is to be published, and what will be answered if that succeeds. One draft
 * is made and its records are taken before the next begins: they share their encoders.
 */
export class RequestDraft {
  /** One per topic that the request touches, so nearly always one. */
  readonly batches: TopicBatch[] = [];
  /** Deliveries of other requests that took some of these events first. */
  readonly earlier: Delivery[] = [];
  readonly rejected: RejectedValue[] = [];
  /** What the first event says that has a time of sending; one page sends all events of a request at once. */
  sentAt: string | undefined;
  private readonly resultList: string[] = [];
  private headers: Record<string, string> | undefined;

  constructor(
    private readonly tools: DraftTools,
    private readonly sender: Sender,
  ) {}

  /** Results in the order in which the events were added, as a JSON array. */
  get results(): string {
    return `[${this.resultList.join(',')}]`;
  }

  get duplicates(): number {
    return this.batches.reduce((sum, { duplicates }) => sum + duplicates, 0);
  }

  get isRejectedWhole(): boolean {
    return this.rejected.length === this.resultList.length;
  }

  /** Decides on the event at this index. */
  add(events: ReceivedEvents, index: number): void {
    const value = events.values[index];
    const validation = validateEvent(value);
    if (!validation.ok) {
      events.leaveOut();
      this.reject(value, validation.rejections[0]);
      return;
    }
    const { event, topic, key, respelt } = validation;
    const { event_id: sentId, occurred_at: occurredAt, sent_at: sentAt } = event;
    this.sentAt ??= sentAt ?? undefined;
    const batch = this.batchOf(topic);
    const { moreFields, sentOccurredMs } = stampEvent(event, validation.latestVersion, this.sender);
    const stamped = event as StampedEvent;
    let json = JSON.stringify(stamped);
    if (validation.hasSpeltNumber) {
      const spelt = events.asSpelt(index, { json, eventId: stamped.event_id, occurredAt, sentAt });
      const path = spelt && restoreSpelling(event, spelt, respelt);
      if (path !== undefined) {
        const asSent = { ...event, event_id: sentId, occurred_at: occurredAt, sent_at: sentAt };
        return this.reject(asSent, outOfRange(path));
      }
      if (spelt !== undefined) json = JSON.stringify(stamped);
    }
    const headers = this.headersOf(stamped);
    const bytes = batch.encoder.addObject({ key: recordKey(stamped, key), json, moreFields, headers });
    if (bytes > MAX_EVENT_BYTES) {
      batch.encoder.dropLast();
      return this.reject(value, TOO_LARGE);
    }
    // Nobody can repeat an id that was made here, so only those of clients are remembered.
    if (sentId !== undefined && sentId !== null) {
      const fingerprint = batch.encoder.hashOfLast(hashOfTime(sentOccurredMs));
      const earlier = this.tools.recentIds.find(sentId, topic);
      if (earlier !== undefined) return this.repeat(value, { id: sentId, fingerprint, earlier, batch });
      this.tools.recentIds.remember(sentId, fingerprint, batch.delivery);
    }
    batch.accepted += 1;
    this.resultList.push(acceptedResult(event.event_id!));
  }

  /** The records of a topic; once. */
  take({ encoder }: TopicBatch): EncodedRecords {
    return encoder.take();
  }

  /** The event's topic has its id already: from the same event, or from another. */
  private repeat(value: unknown, { id, fingerprint, earlier, batch }: Repetition): void {
    batch.encoder.dropLast();
    if (!this.tools.recentIds.isSame(id, batch.topic, fingerprint)) return this.reject(value, ID_TAKEN);
    if (earlier !== batch.delivery && !this.earlier.includes(earlier)) this.earlier.push(earlier);
    batch.duplicates += 1;
    this.resultList.push(duplicateResult(id));
  }

  private reject(value: unknown, rejection: Rejection): void {
    this.rejected.push({ value, rejection });
    this.resultList.push(rejectedResult(value, rejection));
  }

  private batchOf(topic: string): TopicBatch {
    for (const open of this.batches) if (open.topic === topic) return open;
    const encoder = this.tools.encoders.restarted(topic);
    const delivery = new Delivery(topic, this.sender.client);
    const batch = { topic, encoder, delivery, accepted: 0, duplicates: 0 };
    this.batches.push(batch);
    return batch;
  }

  /** Events of one request mostly share type and version, so they share the headers too. */
  private headersOf(record: StampedEvent): Record<string, string> {
    const last = this.headers;
    const isSame =
      last?.['event_type'] === record.event_type && last['schema_version'] === String(record.schema_version);
    if (isSame) return last;
    this.headers = { ...recordHeaders(record), traceparent: this.sender.traceparent };
    return this.headers;
  }
}
