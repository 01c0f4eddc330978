import { type OutgoingRecord, type PublishedTo, type RecordPublisher } from '@pipeline/kafka-transport';
import { isSampled, type Tracer } from '@pipeline/observability';

type Publisher = Pick<RecordPublisher, 'connect' | 'publish' | 'close'>;

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

  publish(topic: string, records: readonly OutgoingRecord[]): Promise<PublishedTo> {
    const parent = String(records[0]?.headers?.['traceparent'] ?? '');
    if (!isSampled(parent)) return this.publisher.publish(topic, records);
    const span = this.tracer.start(`produce ${topic}`, {
      kind: 'producer',
      parent,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.type': 'send',
        'messaging.destination.name': topic,
        'messaging.batch.message_count': records.length,
      },
    });
    return this.publisher.publish(topic, withTraceparent(records, span.traceparent)).then(
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

/** Records that shared their headers go on sharing them: they are encoded once. */
function withTraceparent(records: readonly OutgoingRecord[], traceparent: string): OutgoingRecord[] {
  let from: OutgoingRecord['headers'];
  let headers: OutgoingRecord['headers'];
  return records.map((record) => {
    if (headers === undefined || record.headers !== from) {
      from = record.headers;
      headers = { ...from, traceparent };
    }
    return { ...record, headers };
  });
}

function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : 'unknown';
}
