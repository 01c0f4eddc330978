import { type EventTypeName, MAX_EVENT_BYTES, recordHeaders, recordKey } from '@pipeline/event-schema';
import {
  REJECTION_CODES,
  type Rejection,
  type RejectionCode,
  validateEvent,
} from '@pipeline/event-schema/contract';
import { type EncodedRecords, RecordEncoder } from '@pipeline/kafka-transport';
import { type Origin } from '../origin.ts';
import { type RejectedValue } from '../reject/rejected-log.ts';
import { EventDelivery, type IdMemory } from './id-memory.ts';
import { restoreSpelling } from './number-spelling.ts';
import { type ReceivedEvents } from './read-events.ts';
import { EventStamper, type StampedEvent } from './stamp-event.ts';

/** A path repeats names that the client chose. */
const MAX_PATH = 200;

const TOO_LARGE = rejection('event-too-large', '');
const ID_TAKEN = rejection('event-id-taken', 'event_id');
const TYPE_NOT_TAKEN = rejection('event-type-not-taken', 'event_type');

function rejection(code: RejectionCode, path: string): Rejection {
  return { code, message: REJECTION_CODES[code], path: path.slice(0, MAX_PATH) };
}

/** An event whose id is remembered, and the delivery that took it. */
interface Repetition {
  readonly id: string;
  readonly fingerprint: number;
  readonly earlier: EventDelivery;
  readonly batch: TopicBatch;
}

/**
 * An event that its ingress has written itself, field by field, so that it keeps its contract and is not looked at again: a spec
 * of the ingress holds it to the contract.
 */
export interface FinishedEvent {
  /** Its id, of its content: the same id is the same event. */
  readonly eventId: string;
  readonly topic: EventTypeName;
  readonly schemaVersion: number;
  readonly key: string;
  /** Its own fields: a JSON object. */
  readonly json: string;
  /** What follows them, the same for many: `,"name":"value"…`, or empty. */
  readonly moreFields: string;
  /** Whether it has `occurred_at`; else it occurred when it was received. */
  readonly isTimed: boolean;
}

/** What one draft brings to one topic. */
export interface TopicBatch {
  readonly topic: string;
  readonly encoder: RecordEncoder;
  /** Of this topic alone: what becomes of the others says nothing of it. */
  readonly delivery: EventDelivery;
  accepted: number;
  duplicates: number;
}

/** What drafts are made with. */
export interface DraftTools {
  /** Event types that are taken. */
  readonly topics: ReadonlySet<string>;
  readonly recentIds: IdMemory;
  readonly encoders: TopicEncoders;
}

/** One encoder for each topic, for one draft after the other: what it grows to, it keeps. */
export class TopicEncoders {
  private readonly encoders = new Map<string, RecordEncoder>();
  private user: RequestDraft | undefined;

  /** An encoder for the draft that is being made. It holds nothing, also if the draft before failed halfway. */
  restarted(topic: string, user: RequestDraft): RecordEncoder {
    this.user = user;
    let encoder = this.encoders.get(topic);
    if (encoder === undefined) {
      encoder = new RecordEncoder();
      this.encoders.set(topic, encoder);
    }
    encoder.restart();
    return encoder;
  }

  /** @throws Error if another draft has begun: what lies in the encoders is no longer this draft's. */
  check(user: RequestDraft): void {
    if (this.user !== user) throw new Error('A draft was used after another had begun');
  }
}

/**
 * The decisions on events that came together: what is to be published, and what will be answered if that succeeds. One
 * draft is made and its records are taken before the next begins, without an `await`: they share their encoders.
 */
export class RequestDraft {
  /** One per topic that the draft touches, so nearly always one. */
  readonly batches: TopicBatch[] = [];
  /** Deliveries of other drafts that took some of these events first. */
  readonly earlier: EventDelivery[] = [];
  readonly rejected: RejectedValue[] = [];
  /** What the first event says that has a time of sending; one sender sends all events of a draft at once. */
  sentAt: string | undefined;
  private readonly resultList: string[] = [];
  private readonly stamper: EventStamper;
  private headers: Record<string, string> | undefined;

  constructor(
    private readonly tools: DraftTools,
    private readonly origin: Origin,
  ) {
    this.stamper = new EventStamper(origin);
  }

  /** Results in the order in which the events were added, as a JSON array. */
  get results(): string {
    return `[${this.resultList.join(',')}]`;
  }

  get rejections(): Rejection[] {
    return this.rejected.map((each) => each.rejection);
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
    const validation = validateEvent(value, this.origin.ingress);
    const batch = validation.ok ? this.batchOf(validation.topic) : undefined;
    if (!validation.ok || batch === undefined) {
      events.leaveOut();
      return this.reject(value, validation.ok ? TYPE_NOT_TAKEN : validation.rejections[0]);
    }
    const { event, key, respelt } = validation;
    const { event_id: sentId, occurred_at: occurredAt, sent_at: sentAt } = event;
    this.sentAt ??= sentAt ?? undefined;
    const { moreFields, sentOccurredMs } = this.stamper.stamp(event, validation.latestVersion);
    const stamped = event as StampedEvent;
    let json = JSON.stringify(stamped);
    if (validation.hasSpeltNumber) {
      const spelt = events.asSpelt(index, { json, eventId: stamped.event_id, occurredAt, sentAt });
      const path = spelt && restoreSpelling(event, spelt, respelt);
      if (path !== undefined) {
        const asSent = { ...event, event_id: sentId, occurred_at: occurredAt, sent_at: sentAt };
        return this.reject(asSent, rejection('number-out-of-range', path));
      }
      if (spelt !== undefined) json = JSON.stringify(stamped);
    }
    const headers = this.headersOf(stamped);
    const bytes = batch.encoder.addObject({ key: recordKey(stamped, key), json, moreFields, headers });
    if (bytes > MAX_EVENT_BYTES) {
      batch.encoder.dropLast();
      return this.reject(value, TOO_LARGE);
    }
    // An id that was made here cannot be repeated, so only those of senders are remembered.
    if (sentId !== undefined && sentId !== null) {
      const fingerprint = batch.encoder.hashOfLast(hashOfTime(sentOccurredMs));
      const earlier = this.tools.recentIds.find(sentId, batch.topic);
      if (earlier !== undefined) return this.repeat(value, { id: sentId, fingerprint, earlier, batch });
      this.tools.recentIds.remember(sentId, fingerprint, batch.delivery);
    }
    batch.accepted += 1;
    this.resultList.push(acceptedResult(stamped.event_id));
  }

  /** Decides on an event that its ingress has finished, or has found wrong. */
  addFinished(event: FinishedEvent | RejectedValue): void {
    if ('rejection' in event) return this.reject(event.value, event.rejection);
    const { eventId, topic, schemaVersion, key, json } = event;
    const batch = this.batchOf(topic);
    if (batch === undefined) return this.reject({ event_type: topic }, TYPE_NOT_TAKEN);
    const headers = this.headersOf({ event_type: topic, schema_version: schemaVersion });
    const moreFields = this.stamper.endOf(event);
    const bytes = batch.encoder.addObject({ key, json, moreFields, headers });
    if (bytes > MAX_EVENT_BYTES) {
      batch.encoder.dropLast();
      return this.reject({ event_type: topic, event_id: eventId }, TOO_LARGE);
    }
    const earlier = this.tools.recentIds.find(eventId, topic);
    if (earlier !== undefined) {
      const repetition = { id: eventId, fingerprint: SAME_CONTENT, earlier, batch };
      return this.repeat(undefined, repetition);
    }
    this.tools.recentIds.remember(eventId, SAME_CONTENT, batch.delivery);
    batch.accepted += 1;
    this.resultList.push(acceptedResult(eventId));
  }

  /** The records of a topic; once. */
  take({ encoder }: TopicBatch): EncodedRecords {
    this.tools.encoders.check(this);
    return encoder.take();
  }

  /** The event's topic has its id already: from the same event, or from another. */
  private repeat(value: unknown, { id, fingerprint, earlier, batch }: Repetition): void {
    batch.encoder.dropLast();
    if (!this.tools.recentIds.isSame(id, batch.topic, fingerprint)) return this.reject(value, ID_TAKEN);
    if (earlier !== batch.delivery && !this.earlier.includes(earlier)) this.earlier.push(earlier);
    batch.duplicates += 1;
    this.resultList.push(`{"event_id":"${id}","status":"duplicate"}`);
  }

  private reject(value: unknown, reason: Rejection): void {
    this.rejected.push({ value, rejection: reason });
    this.resultList.push(rejectedResult(value, reason));
  }

  /** @returns undefined for a type that is not taken here. */
  private batchOf(topic: string): TopicBatch | undefined {
    if (this.batches.length > 0) this.tools.encoders.check(this);
    for (const open of this.batches) if (open.topic === topic) return open;
    if (!this.tools.topics.has(topic)) return undefined;
    const encoder = this.tools.encoders.restarted(topic, this);
    const delivery = new EventDelivery(topic, this.origin.client);
    const batch = { topic, encoder, delivery, accepted: 0, duplicates: 0 };
    this.batches.push(batch);
    return batch;
  }

  /** Events of one draft mostly share type and version, so they share the headers too. */
  private headersOf(record: Pick<StampedEvent, 'event_type' | 'schema_version'>): Record<string, string> {
    const last = this.headers;
    const isSame =
      last?.['event_type'] === record.event_type && last['schema_version'] === String(record.schema_version);
    if (isSame) return last;
    this.headers = { ...recordHeaders(record), traceparent: this.origin.span.traceparent };
    return this.headers;
  }
}

/** Of an event whose id follows from its content there is nothing else to compare. */
const SAME_CONTENT = 0;

/** Ids are UUIDs, so they need no escaping. */
function acceptedResult(eventId: string): string {
  return `{"event_id":"${eventId}","status":"accepted"}`;
}

/** Spreads the bits of a time, so that it can be mixed into a hash. */
function hashOfTime(ms: number): number {
  return Math.imul(ms >>> 0, 0x9e3779b1) ^ Math.imul(Math.floor(ms / 2 ** 32), 0x85ebca6b);
}

const UUID_LENGTH = 36;

/** `event_id` is what the event said, if that was a text of a UUID's length, else null. */
function rejectedResult(value: unknown, { code, message, path }: Rejection): string {
  const id =
    typeof value === 'object' && value !== null ? (value as { event_id?: unknown }).event_id : undefined;
  const event_id = typeof id === 'string' && id.length === UUID_LENGTH ? id : null;
  return JSON.stringify({ event_id, status: 'rejected', code, message, path });
}
