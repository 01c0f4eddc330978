import {
  type EncodedRecords,
  encodeRecords,
  type PublishedTo,
  type RecordPublisher,
} from '@pipeline/kafka-transport';
import { isSampled, type Tracer } from '@pipeline/observability';

type Publisher = Pick<RecordPublisher, 'connect' | 'publishEncoded' | 'close'>;

/**
 * Shows in the trace of a request how long its records took to become durable. What consumes them is caused by that, so
 * they carry its context.
 */
export class TracedPublisher implements Publisher {
  constructor(
    private readonly publisher: Publisher,
    private readonly tracer: Tracer,
  ) {}

  connect(): void {
    this.publisher.connect();
  }

  close(): Promise<void> {
    return this.publisher.close();
  }

  publishEncoded(topic: string, records: EncodedRecords): Promise<PublishedTo> {
    const [first] = records.part(0, 1).decode();
    const parent = String(first?.headers?.['traceparent'] ?? '');
    if (!isSampled(parent)) return this.publisher.publishEncoded(topic, records);
    const span = this.tracer.start(`produce ${topic}`, {
      kind: 'producer',
      parent,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.type': 'send',
        'messaging.destination.name': topic,
        'messaging.batch.message_count': records.count,
      },
    });
    return this.publisher.publishEncoded(topic, withTraceparent(records, span.traceparent)).then(
      (to) => {
        span.set({ 'pipeline.durability': to });
        span.end();
        return to;
      },
      (error: unknown) => {
        span.end(codeOf(error));
        throw error;
      },
    );
  }
}

/** Encoded once more: few requests are sampled. */
function withTraceparent(records: EncodedRecords, traceparent: string): EncodedRecords {
  const decoded = records.decode();
  return encodeRecords(decoded.map((record) => ({ ...record, headers: { ...record.headers, traceparent } })));
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
}
