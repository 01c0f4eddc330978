import { Inject, Injectable } from '@nestjs/common';
import { parseInstant } from '@pipeline/event-schema';
import { type EncodedRecords } from '@pipeline/kafka-transport';
import { type Logger, LOGGER, PipelineMetrics, traceFields } from '@pipeline/observability';
import {
  type Durability,
  EVENT_PUBLISHER,
  type EventPublisher,
  NotDurableError,
} from '../publish/event-publisher.ts';
import { REJECTED_LOG, type RejectedLog } from '../reject/rejected-log.ts';
import { IdMemory } from './id-memory.ts';
import { readEvents, type ReceivedEvents } from './read-events.ts';
import { Refusal } from './refusal.ts';
import { type DraftTools, RequestDraft, type TopicBatch } from './request-draft.ts';
import { type Sender } from './stamp-event.ts';
import { TopicEncoders } from './topic-encoders.ts';

/** Most events of one request. */
export const MAX_EVENTS_PER_REQUEST = Symbol('max-events-per-request');

/** What is claimed of a request. */
export interface Acceptance {
  readonly durability: Durability;
  /** The result of each event, as JSON. */
  readonly results: string;
  readonly duplicates: number;
}

/** A request whose events were looked at. */
interface DraftedRequest {
  /** Why they could not all be looked at: an error of our own. */
  readonly failure: Error | undefined;
  readonly startedAt: number;
  readonly bodyBytes: number;
  readonly sender: Sender;
}

/**
 * Takes responsibility for the events of a request: whatever it answers `accepted` or `duplicate` is durable. One parse,
 * one serialisation per event, one publisher call and one promise per request.
 */
@Injectable()
export class EventAcceptor {
  private readonly tools: DraftTools;

  constructor(
    @Inject(EVENT_PUBLISHER) private readonly publisher: EventPublisher,
    @Inject(IdMemory) recentIds: IdMemory,
    @Inject(PipelineMetrics) private readonly metrics: PipelineMetrics,
    @Inject(REJECTED_LOG) private readonly rejectedLog: RejectedLog,
    @Inject(MAX_EVENTS_PER_REQUEST) private readonly maxEvents: number,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.tools = { recentIds, encoders: new TopicEncoders() };
  }

  /**
   * @returns the body of the answer, once every accepted event is durable.
   * @throws Refusal (as rejection) when nothing of the request is claimed.
   */
  async accept(body: Buffer, sender: Sender): Promise<string> {
    const { durability, results } = await this.acceptBody(body, sender);
    return `{"durability":"${durability}","results":${results}}`;
  }

  /** The same for values that are parsed already; `bodyBytes` is what they cost on the way here. */
  acceptAll(events: ReceivedEvents, bodyBytes: number, sender: Sender): Promise<Acceptance> {
    const startedAt = performance.now();
    const draft = new RequestDraft(this.tools, sender);
    // What is parsed is garbage from here on: an asynchronous function would keep it until the answer.
    const failure = addAll(draft, events);
    return this.settle(draft, { failure, startedAt, bodyBytes, sender });
  }

  private acceptBody(body: Buffer, sender: Sender): Promise<Acceptance> {
    return this.acceptAll(this.read(body, sender), body.length, sender);
  }

  private async settle(
    draft: RequestDraft,
    { failure, startedAt, bodyBytes, sender }: DraftedRequest,
  ): Promise<Acceptance> {
    try {
      if (failure !== undefined) throw failure;
      if (draft.isRejectedWhole) throw new Refusal('all-events-rejected', draft.results);
      const durability = await this.makeDurable(draft);
      this.metrics.ackSeconds.observe((performance.now() - startedAt) / 1_000);
      this.conclude(draft, bodyBytes, sender);
      if (sender.span.isRecorded) this.describe(draft, durability, sender);
      sender.span.end();
      return { durability, results: draft.results, duplicates: draft.duplicates };
    } catch (error) {
      for (const { delivery } of draft.batches) {
        if (delivery.done === undefined) this.tools.recentIds.failed(delivery);
      }
      if (draft.isRejectedWhole) this.conclude(draft, bodyBytes, sender);
      throw traced(error instanceof NotDurableError ? new Refusal(error.code) : error, sender);
    }
  }

  private read(body: Buffer, sender: Sender): ReceivedEvents {
    try {
      return readEvents(body, this.maxEvents);
    } catch (error) {
      const isNotJson = error instanceof Refusal && error.code === 'malformed-json';
      if (isNotJson && body.length > 0)
        this.rejectedLog.keepBody(body, { ...sender, bodyBytes: body.length });
      throw traced(error, sender);
    }
  }

  /** Duplicates of a request that is still on its way wait for it: they are durable when it is. */
  private makeDurable(draft: RequestDraft): Promise<Durability> {
    const calls: Promise<Durability>[] = [];
    for (const batch of draft.batches) {
      if (batch.accepted > 0) calls.push(this.publish(batch, draft.take(batch)));
    }
    for (const { done } of draft.earlier) calls.push(done!);
    return calls.length === 1 ? calls[0]! : Promise.all(calls).then(weakest);
  }

  /**
   * Events of each topic are durable or not by themselves. Where one topic fails, the request is refused, and those of the
   * others are duplicates when it is repeated.
   */
  private publish({ topic, delivery }: TopicBatch, records: EncodedRecords): Promise<Durability> {
    const { recentIds } = this.tools;
    const done = this.publisher.publish(topic, records);
    delivery.done = done;
    done.then(
      (durability) => recentIds.durable(delivery, durability),
      () => recentIds.failed(delivery),
    );
    return done;
  }

  /** The answer is certain, and only now: a request that failed is sent again, with its wrong events. */
  private conclude({ batches, rejected, sentAt }: RequestDraft, bodyBytes: number, sender: Sender): void {
    if (sentAt !== undefined) {
      this.metrics.clockSkewSeconds.observe((sender.receivedMs - parseInstant(sentAt)) / 1_000);
    }
    for (const { topic, accepted, duplicates } of batches) {
      if (accepted > 0) {
        this.metrics.eventsAccepted.inc({ topic }, accepted);
        this.metrics.acceptedSeconds.add(topic, sender.receivedMs, accepted);
      }
      if (duplicates > 0) this.metrics.eventsDuplicate.inc({ topic }, duplicates);
    }
    if (rejected.length === 0) return;
    for (const { rejection } of rejected) this.metrics.eventsRejected.inc({ code: rejection.code });
    this.rejectedLog.keep(rejected, { ...sender, bodyBytes });
  }

  /** What is told of requests whose trace is recorded. */
  private describe(
    { batches, duplicates, rejected }: RequestDraft,
    durability: Durability,
    sender: Sender,
  ): void {
    const accepted = batches.reduce((sum, batch) => sum + batch.accepted, 0);
    const counts = { accepted, duplicates, rejected: rejected.length };
    for (const [name, count] of Object.entries(counts))
      sender.span.set({ [`pipeline.events.${name}`]: count });
    this.logger.debug({ ...traceFields(sender.traceparent), ...counts, durability }, 'events accepted');
  }
}

function addAll(draft: RequestDraft, events: ReceivedEvents): Error | undefined {
  try {
    for (let index = 0; index < events.values.length; index += 1) draft.add(events, index);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function weakest(durabilities: readonly Durability[]): Durability {
  return durabilities.includes('spool') ? 'spool' : 'kafka';
}

/** @returns the error. */
function traced(error: unknown, { span }: Sender): unknown {
  span.end(error instanceof Refusal ? error.code : 'internal');
  return error;
}
