import { type Logger } from '@pipeline/observability';
import { backoffMs, pause } from '@pipeline/kafka-driver';
import { type PublisherMetrics } from './publisher-metrics.ts';
import { type TimedSender } from './timed-sender.ts';

/**
 * What is known of a topic. `failing`: nothing is sent until its leaders answer. `on-trial`: they answer, but the last
 * records that a broker was sent it did not take; it is sent others, one request at a time.
 */
type Health =
  | { readonly is: 'untried' | 'healthy'; readonly reason?: undefined }
  | { readonly is: 'failing' | 'on-trial'; readonly reason: string };

/** Whether a broker has said no, or nothing was heard: only then an answer of any kind shows that all is well. */
type Failure = 'refused' | 'silent';

const RETRY = { initialMs: 100, maxMs: 2_000 };
const PROBE_INTERVAL_MS = 500;
/** Between two probes, also where the first one took long: a broker that is gone may take a second to be known as such. */
const LEAST_PAUSE_MS = 20;
/** A broker that drops packets answers nothing: other connections are tried then. */
const PROBE_TIMEOUT_MS = 2_000;

export interface TopicHealthOptions {
  readonly topic: string;
  readonly timed: Pick<TimedSender, 'check'>;
  readonly logger: Logger;
  readonly metrics: PublisherMetrics;
  /** Ends the probes. */
  readonly stopped: AbortSignal;
}

/** Whether a topic takes records, as far as is known; while it fails, its leaders are asked until they answer. */
export class TopicHealth {
  private health: Health = { is: 'untried' };
  private isProbing = false;
  private lastFailure: Failure = 'silent';
  /** Failures of that kind, without an acknowledgement in between. */
  private refusals = 0;

  constructor(private readonly options: TopicHealthOptions) {
    this.become({ is: 'untried' });
  }

  get is(): Health['is'] {
    return this.health.is;
  }

  /** What keeps records of the topic from Kafka; undefined while they get there. */
  get reason(): string | undefined {
    return this.health.reason;
  }

  fail(reason: string, failure: Failure): void {
    this.lastFailure = failure;
    if (failure === 'refused') this.refusals += 1;
    this.become({ is: 'failing', reason });
    void this.probeUntilAnswered();
  }

  putOnTrial(reason: string): void {
    this.become({ is: 'on-trial', reason });
  }

  /** What was sent before it failed may be acknowledged after that; it says nothing of now. */
  acknowledged(): void {
    if (this.is === 'untried' || this.is === 'on-trial') this.recover();
  }

  private recover(): void {
    this.refusals = 0;
    this.become({ is: 'healthy' });
  }

  private become(health: Health): void {
    const { metrics, topic } = this.options;
    this.health = health;
    metrics.topicFailing.set({ topic }, health.reason === undefined ? 0 : 1);
  }

  /** Without traffic nothing would tell that the topic is back, and a replica that is not ready gets no traffic. */
  private async probeUntilAnswered(): Promise<void> {
    if (this.isProbing) return;
    this.isProbing = true;
    const { topic, timed, logger, stopped } = this.options;
    if (this.refusals > 1) await pause(backoffMs(this.refusals, RETRY), stopped);
    for (let attempt = 0; this.health.is === 'failing' && !stopped.aborted; attempt++) {
      const startedAtMs = performance.now();
      try {
        await timed.check(topic, PROBE_TIMEOUT_MS);
        if (this.lastFailure === 'refused') this.putOnTrial(this.health.reason);
        else this.recover();
      } catch (error) {
        logger.debug({ err: error, topic }, 'topic still unavailable');
        this.become({ is: 'failing', reason: (error as Error).message });
        const pauseMs =
          Math.min(PROBE_INTERVAL_MS, backoffMs(attempt, RETRY)) - (performance.now() - startedAtMs);
        await pause(Math.max(LEAST_PAUSE_MS, pauseMs), stopped);
      }
    }
    this.isProbing = false;
  }
}
