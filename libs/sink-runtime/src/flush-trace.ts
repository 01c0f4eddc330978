import { type KafkaRecord, type PartitionAssignment } from '@pipeline/kafka-transport';
import {
  isSampled,
  isTraceparent,
  type Logger,
  type Span,
  traceFields,
  type Tracer,
} from '@pipeline/observability';
import { type RejectedRecord } from './sink-writer.ts';

export interface FlushTraceOptions {
  readonly group: string;
  readonly tracer: Tracer;
  readonly logger: Logger;
}

/** A record whose trace is recorded. */
interface TracedRecord {
  readonly traceparent: string;
  readonly offset: number;
  readonly appendedMs: number;
}

/** More sampled records of one flush are stored like any other and only not shown: memory stays bounded. */
const MAX_TRACED_RECORDS = 1_000;

/**
 * What one partition's flushes show of the events in them: a flush that holds sampled events has a span, linked to theirs,
 * and each of them has one of its own in its own trace, from the broker's append to durable.
 */
export class FlushTrace {
  private readonly attributes: Readonly<Record<string, string>>;
  private records: TracedRecord[] = [];
  private readonly refusals = new Map<number, string>();
  private startMs: number | undefined;
  private span: Span | undefined;

  constructor(
    private readonly assignment: PartitionAssignment,
    private readonly options: FlushTraceOptions,
  ) {
    this.attributes = {
      'messaging.system': 'kafka',
      'messaging.operation.type': 'process',
      'messaging.destination.name': assignment.topic,
      'messaging.destination.partition.id': String(assignment.partition),
      'messaging.consumer.group.name': options.group,
    };
  }

  /** For log lines about the flush. */
  get fields(): { readonly trace_id?: string; readonly span_id?: string } {
    return this.span ? traceFields(this.span.traceparent) : {};
  }

  /** Records leave the buffer, for a flush or for a piece of it. */
  take(records: readonly KafkaRecord[]): void {
    this.startMs ??= Date.now();
    const room = MAX_TRACED_RECORDS - this.records.length;
    const found = sampled(records, room);
    if (found.length === 0) return;
    this.records.push(...found);
    const links = found.map(({ traceparent }) => traceparent);
    if (this.span) this.span.link(links);
    else this.span = this.begin(links, this.startMs);
  }

  /** Records go to the dead-letter topic. */
  refused(rejected: readonly RejectedRecord[]): void {
    if (this.records.length === 0) return;
    for (const { record, code } of rejected) this.refusals.set(record.offset, code);
  }

  attemptFailed(code: string): void {
    this.span?.note('attempt failed', { 'error.type': code });
  }

  /** The flush is durable. */
  stored(records: number): void {
    const { span } = this;
    if (span) {
      for (const record of this.records) this.show(record, span);
      span.set({ 'messaging.batch.message_count': records });
      span.end();
    }
    this.clear();
  }

  /** What was taken will be read again, by us or by the next owner. */
  lost(code: string): void {
    this.span?.end(code);
    this.clear();
  }

  private begin(links: readonly string[], startMs: number): Span {
    const { topic } = this.assignment;
    return this.options.tracer.start(`flush ${topic}`, {
      kind: 'consumer',
      links,
      startMs,
      attributes: this.attributes,
    });
  }

  private show({ traceparent, offset, appendedMs }: TracedRecord, flush: Span): void {
    const { topic, partition } = this.assignment;
    const code = this.refusals.get(offset);
    const span = this.options.tracer.start(`store ${topic}`, {
      kind: 'consumer',
      parent: traceparent,
      links: [flush.traceparent],
      // The broker's clock may be ahead of ours.
      startMs: Math.min(appendedMs, Date.now()),
      attributes: { ...this.attributes, 'messaging.kafka.offset': offset },
    });
    span.end(code);
    const fields = { ...traceFields(span.traceparent), topic, partition, offset };
    if (code === undefined) this.options.logger.debug(fields, 'event stored');
    else this.options.logger.debug({ ...fields, code }, 'event refused');
  }

  private clear(): void {
    this.records = [];
    this.refusals.clear();
    this.startMs = undefined;
    this.span = undefined;
  }
}

function sampled(records: readonly KafkaRecord[], most: number): TracedRecord[] {
  const found: TracedRecord[] = [];
  for (const { headers, offset, timestamp } of records) {
    if (found.length >= most) break;
    const traceparent = headers?.['traceparent']?.toString();
    if (!isTraceparent(traceparent) || !isSampled(traceparent)) continue;
    found.push({ traceparent, offset, appendedMs: timestamp });
  }
  return found;
}
