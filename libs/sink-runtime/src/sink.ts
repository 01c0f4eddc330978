import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  type BackoffOptions,
  DeadLetterPublisher,
  type PartitionAssignment,
  type RecordBatch,
  RecordPublisher,
} from '@pipeline/kafka-transport';
import {
  type Logger,
  LOGGER,
  METRICS_REGISTRY,
  Readiness,
  type Registry,
  type Tracer,
} from '@pipeline/observability';
import { type DeadLetterLimits } from './dead-letter-breaker.ts';
import { type FlushPolicy } from './flush-policy.ts';
import { PartitionRevokedError } from './partition-errors.ts';
import { PartitionPipeline } from './partition-pipeline.ts';
import { type SinkMetrics, sinkMetrics } from './sink-metrics.ts';
import { type SinkWriter } from './sink-writer.ts';
import { wholeRecordsOnly } from './whole-records.ts';

export const SINK_WRITER = Symbol('sink-writer');
export const SINK_OPTIONS = Symbol('sink-options');

/** What the runtime itself needs to know of a sink. */
export interface SinkOptions {
  /** The consumer group; names the dead-letter topic too. */
  readonly group: string;
  readonly policy: FlushPolicy;
  readonly deadLetterLimits: DeadLetterLimits;
  /** Absent: nothing is traced. */
  readonly tracer?: Tracer;
  /** Waits between attempts; a test gives its own. */
  readonly backoff?: BackoffOptions;
  readonly storeReturn?: () => AbortSignal;
  /** How long a flush may fail before the app is not ready; a test gives its own. */
  readonly notReadyAfterMs?: number;
}

/** A short outage of a store is normal. */
const NOT_READY_AFTER_MS = 10_000;
const SHOWN_REASONS = 3;

/** The runtime of a sink: one {@link PartitionPipeline} per assignment. */
@Injectable()
export class Sink implements OnApplicationShutdown {
  private readonly pipelines = new WeakMap<PartitionAssignment, PartitionPipeline>();
  /** Those whose partition is not lost. */
  private readonly live = new Map<PartitionAssignment, PartitionPipeline>();
  private readonly halted = new Map<PartitionAssignment, string>();
  private readonly deadLetters: DeadLetterPublisher;
  private readonly metrics: SinkMetrics;

  constructor(
    @Inject(SINK_WRITER) private readonly writer: SinkWriter,
    @Inject(SINK_OPTIONS) private readonly options: SinkOptions,
    @Inject(RecordPublisher) private readonly publisher: RecordPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS_REGISTRY) registry: Registry,
    @Inject(Readiness) readiness: Readiness,
  ) {
    this.deadLetters = new DeadLetterPublisher(publisher, logger);
    readiness.register('partitions', () => this.trouble());
    this.metrics = sinkMetrics(registry);
    this.metrics.partitionHeldSeconds.read = () => this.heldSeconds();
  }

  /**
   * Takes responsibility for a batch. Resolves when each of its records is durable in the store or in the dead-letter
   * topic, or when the partition was lost: then the transport commits nothing of it, and Nest has no error to log for
   * what is normal at every rebalance.
   */
  async accept(batch: RecordBatch, assignment: PartitionAssignment): Promise<void> {
    try {
      await this.pipelineOf(assignment).accept(batch);
    } catch (error) {
      if (!(error instanceof PartitionRevokedError)) throw error;
    }
  }

  /** Runs after the transport has drained: nothing needs the dead-letter topic any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.publisher.close();
  }

  private pipelineOf(assignment: PartitionAssignment): PartitionPipeline {
    let pipeline = this.pipelines.get(assignment);
    if (!pipeline) {
      const { deadLetters, logger, metrics } = this;
      pipeline = new PartitionPipeline(assignment, wholeRecordsOnly(this.writer.open(assignment)), {
        ...this.options,
        deadLetters,
        logger,
        metrics,
        onHalted: (lost, error) => this.raiseAlarm(lost, error.message),
      });
      this.pipelines.set(assignment, pipeline);
      this.live.set(assignment, pipeline);
      assignment.revoked.addEventListener('abort', () => this.live.delete(assignment), { once: true });
    }
    return pipeline;
  }

  /** Why partitions do not go on: an operator has to act, or what they wait for does not come. */
  private trouble(): string | undefined {
    const { notReadyAfterMs = NOT_READY_AFTER_MS } = this.options;
    const dueMs = performance.now() - notReadyAfterMs;
    const held = [...this.live].flatMap(([assignment, { held: flush }]) =>
      flush && flush.sinceMs <= dueMs && !this.halted.has(assignment)
        ? [`${nameOf(assignment)} held: ${flush.reason}`]
        : [],
    );
    const reasons = [...this.halted.values(), ...held];
    if (reasons.length <= SHOWN_REASONS) return reasons.length === 0 ? undefined : reasons.join('; ');
    return `${reasons.slice(0, SHOWN_REASONS).join('; ')}; and ${reasons.length - SHOWN_REASONS} more`;
  }

  private heldSeconds() {
    return [...this.live].map(([{ topic, partition }, { held }]) => ({
      labels: { topic, partition },
      value: held ? (performance.now() - held.sinceMs) / 1_000 : 0,
    }));
  }

  private raiseAlarm(assignment: PartitionAssignment, message: string): void {
    this.halted.set(assignment, `${nameOf(assignment)} halted: ${message}`);
    assignment.revoked.addEventListener('abort', () => this.halted.delete(assignment), { once: true });
  }
}

function nameOf({ topic, partition }: PartitionAssignment): string {
  return `${topic}/${partition}`;
}
