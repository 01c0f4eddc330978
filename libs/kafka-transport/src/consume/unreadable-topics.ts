import { type Logger, type Readiness } from '@pipeline/observability';
import { type ConsumerMetrics } from './consumer-metrics.ts';

/** Why topics of a consumer cannot be read: told by `/readyz`, a metric and the log. The consumer reads the others. */
export class UnreadableTopics {
  private readonly reasons = new Map<string, string | undefined>();

  constructor(
    private readonly options: {
      readonly logger: Logger;
      readonly metrics?: Pick<ConsumerMetrics, 'topicFailing'>;
      readonly readiness: Readiness;
    },
  ) {}

  /** From now on these topics are told of, and no others. */
  watch(topics: Iterable<string>): void {
    for (const topic of topics) {
      this.reasons.set(topic, undefined);
      this.options.metrics?.topicFailing.set({ topic }, 0);
      this.options.readiness.watch(`topic ${topic}`, () => this.reasons.get(topic));
    }
  }

  /** @param reason `undefined` when the topic can be read. */
  see(topic: string, reason: string | undefined): void {
    if (!this.reasons.has(topic) || this.reasons.get(topic) === reason) return;
    this.reasons.set(topic, reason);
    const { logger, metrics } = this.options;
    metrics?.topicFailing.set({ topic }, reason === undefined ? 0 : 1);
    if (reason === undefined) logger.info({ topic }, 'topic is readable again');
    else logger.error({ topic, reason }, 'topic cannot be read');
  }

  /** Why the consumer has nothing to do; `undefined` while one topic can be read. */
  get allUnreadable(): string | undefined {
    const [first, ...others] = [...this.reasons];
    if (first === undefined || others.some(([, reason]) => reason === undefined)) return undefined;
    const [topic, reason] = first;
    return reason === undefined ? undefined : `topic ${topic}: ${reason}`;
  }
}
