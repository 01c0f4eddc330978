import { Inject, Injectable } from '@nestjs/common';
import { parseInstant } from '@pipeline/event-schema';
import { type Rejection } from '@pipeline/event-schema/contract';
import { BrokerClock, type EncodedRecords } from '@pipeline/kafka-transport';
import { Readiness, traceFields } from '@pipeline/observability';
import { INTAKE_METRICS, type IntakeMetrics } from '../intake-metrics.ts';
import { INTAKE_OPTIONS, type IntakeOptions } from '../intake-settings.ts';
import { type Origin } from '../origin.ts';
import { type Durability, EVENT_PUBLISHER, type EventPublisher } from '../publish/event-publisher.ts';
import { IntakeRefusal } from '../refusal.ts';
import { REJECTED_LOG, type RejectedLog, type RejectedValue } from '../reject/rejected-log.ts';
import { IdMemory } from './id-memory.ts';
import { ReceivedEvents, readEvents } from './read-events.ts';
import {
  type DraftTools,
  type FinishedEvent,
  RequestDraft,
  type TopicBatch,
  TopicEncoders,
} from './request-draft.ts';

/** es-sink refuses events of more than a day ahead of the broker's time; half of it is left for brokers that differ. */
export const MAX_CLOCK_ERROR_MS = 12 * 3_600_000;

/** What is claimed of events that came together. */
export interface Acceptance {
  /** The weakest of all events. */
  readonly durability: Durability;
  /** The result of each event as a JSON array, in their order. */
  readonly results: string;
  readonly duplicates: number;
  /** Why events were rejected, in their order; empty if all are durable. */
  readonly rejections: readonly Rejection[];
}

/** Events that were looked at. */
interface Looked {
  /** Why they could not all be looked at. */
  readonly failure: Error | undefined;
  readonly startedAt: number;
  readonly bytes: number;
  readonly origin: Origin;
}

/**
 * Takes responsibility for events: what it answers `accepted` or `duplicate` is durable. Events that come together cost
 * one parse, one serialisation each, one call of the publisher and one promise.
 */
@Injectable()
export class Intake {
  private readonly tools: DraftTools;

  constructor(
    @Inject(EVENT_PUBLISHER) private readonly publisher: EventPublisher,
    @Inject(REJECTED_LOG) private readonly rejectedLog: RejectedLog,
    @Inject(INTAKE_METRICS) private readonly metrics: IntakeMetrics,
    @Inject(BrokerClock) private readonly clock: Pick<BrokerClock, 'aheadMs'>,
    @Inject(Readiness) readiness: Readiness,
    @Inject(INTAKE_OPTIONS) private readonly options: IntakeOptions,
  ) {
    const { config, topics } = options;
    this.tools = {
      topics: new Set(topics),
      recentIds: new IdMemory(config.recentIds),
      encoders: new TopicEncoders(),
    };
    readiness.register('clock', () => this.clockError);
  }

  /**
   * Takes one event or an array of at most `maxEvents` as JSON.
   * @returns once every event that is not rejected is durable in Kafka or in the fsynced spool.
   * @throws IntakeRefusal (as rejection) if nothing is claimed. Anything else is an error of our own code.
   */
  async acceptJson(json: Buffer, maxEvents: number, origin: Origin): Promise<Acceptance> {
    return this.accept(this.read(json, maxEvents, origin), json.length, origin);
  }

  /**
   * The same for values that are parsed already.
   * @param bytes what they cost on the way here.
   * @param spelt the same values with their numbers as they were spelt, if JavaScript spells one otherwise.
   */
  acceptValues(
    values: readonly unknown[],
    bytes: number,
    origin: Origin,
    spelt?: readonly object[],
  ): Promise<Acceptance> {
    return this.accept(new ReceivedEvents(values, undefined, spelt), bytes, origin);
  }

  /** The same for events that the ingress has written itself; one that it found wrong is rejected in its place. */
  acceptFinished(
    events: readonly (FinishedEvent | RejectedValue)[],
    bytes: number,
    origin: Origin,
  ): Promise<Acceptance> {
    return this.draft({ bytes, origin }, (draft) => events.forEach((event) => draft.addFinished(event)));
  }

  private accept(events: ReceivedEvents, bytes: number, origin: Origin): Promise<Acceptance> {
    return this.draft({ bytes, origin }, (draft) => {
      for (let index = 0; index < events.values.length; index += 1) draft.add(events, index);
    });
  }

  private draft(
    { bytes, origin }: Pick<Looked, 'bytes' | 'origin'>,
    add: (draft: RequestDraft) => void,
  ): Promise<Acceptance> {
    const startedAt = performance.now();
    const draft = new RequestDraft(this.tools, origin);
    // What is parsed is garbage from here on: an asynchronous function would keep it until the answer.
    const failure = this.clockError === undefined ? failureOf(draft, add) : new IntakeRefusal('clock-wrong');
    return this.settle(draft, { failure, startedAt, bytes, origin });
  }

  private async settle(draft: RequestDraft, looked: Looked): Promise<Acceptance> {
    const { failure, startedAt, origin } = looked;
    try {
      if (failure !== undefined) throw failure;
      const { results, rejections } = draft;
      if (draft.isRejectedWhole) throw new IntakeRefusal('all-events-rejected', { results, rejections });
      const durability = await this.makeDurable(draft);
      this.metrics.ackSeconds.observe((performance.now() - startedAt) / 1_000);
      this.conclude(draft, looked);
      if (origin.span.isRecorded) this.describe(draft, durability, origin);
      origin.span.end();
      return { durability, results, duplicates: draft.duplicates, rejections };
    } catch (error) {
      for (const { delivery } of draft.batches) {
        if (delivery.done === undefined) this.tools.recentIds.failed(delivery);
      }
      if (draft.isRejectedWhole) this.conclude(draft, looked);
      throw traced(error, origin);
    }
  }

  private read(json: Buffer, maxEvents: number, origin: Origin): ReceivedEvents {
    try {
      return readEvents(json, maxEvents);
    } catch (error) {
      const isNotJson = error instanceof IntakeRefusal && error.code === 'malformed-json';
      if (isNotJson && json.length > 0) this.rejectedLog.keepMalformed(json, origin);
      throw traced(error, origin);
    }
  }

  /** Duplicates of events that are still on their way wait for these: they are durable when those are. */
  private makeDurable(draft: RequestDraft): Promise<Durability> {
    const calls: Promise<Durability>[] = [];
    for (const batch of draft.batches) {
      if (batch.accepted > 0) calls.push(this.publish(batch, draft.take(batch)));
    }
    for (const { done } of draft.earlier) calls.push(done!);
    return calls.length === 1 ? calls[0]! : Promise.all(calls).then(weakest);
  }

  /**
   * Events of each topic are durable or not by themselves. If one topic fails, all is refused, and the events of the others
   * are duplicates when it is repeated.
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

  /** The answer is certain, and only now: what is refused is sent again, with its wrong events. */
  private conclude({ batches, rejected, rejections, sentAt }: RequestDraft, looked: Looked): void {
    const { origin, bytes } = looked;
    if (sentAt !== undefined) {
      this.metrics.clockSkewSeconds.observe((origin.receivedMs - parseInstant(sentAt)) / 1_000);
    }
    for (const { topic, accepted, duplicates } of batches) {
      if (accepted > 0) {
        this.metrics.eventsAccepted.inc({ topic }, accepted);
        this.metrics.acceptedSeconds.add(topic, origin.receivedMs, accepted);
      }
      if (duplicates > 0) this.metrics.eventsDuplicate.inc({ topic }, duplicates);
    }
    if (rejected.length === 0) return;
    for (const { code } of rejections) this.metrics.eventsRejected.inc({ code });
    this.rejectedLog.keep(rejected, bytes, origin);
  }

  /** What is told of events whose trace is recorded. */
  private describe(
    { batches, duplicates, rejected }: RequestDraft,
    durability: Durability,
    { span }: Origin,
  ): void {
    const accepted = batches.reduce((sum, batch) => sum + batch.accepted, 0);
    const counts = { accepted, duplicates, rejected: rejected.length };
    for (const [name, count] of Object.entries(counts)) span.set({ [`pipeline.events.${name}`]: count });
    this.options.logger.debug({ ...traceFields(span.traceparent), ...counts, durability }, 'events accepted');
  }

  /** While this clock is wrong it would date events so that es-sink refuses them. */
  private get clockError(): string | undefined {
    const { aheadMs } = this.clock;
    if (Math.abs(aheadMs) <= MAX_CLOCK_ERROR_MS) return undefined;
    const hours = Math.round(Math.abs(aheadMs) / 3_600_000);
    return `The clock of this machine is ${hours} h ${aheadMs > 0 ? 'ahead of' : 'behind'} the broker's`;
  }
}

function failureOf(draft: RequestDraft, add: (draft: RequestDraft) => void): Error | undefined {
  try {
    add(draft);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function weakest(durabilities: readonly Durability[]): Durability {
  return durabilities.includes('spool') ? 'spool' : 'kafka';
}

/** @returns the error. */
function traced(error: unknown, { span }: Origin): unknown {
  span.end(error instanceof IntakeRefusal ? error.code : 'internal');
  return error;
}
