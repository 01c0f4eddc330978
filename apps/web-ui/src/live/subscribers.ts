import { type Logger, type PipelineMetrics } from '@pipeline/observability';
import { type LiveSubscriber } from './live-subscriber.ts';

/** Everyone who listens now. A reader that does not keep up is dropped; it comes back with its position. */
export class Subscribers {
  private readonly open = new Set<LiveSubscriber>();

  constructor(
    private readonly metrics: PipelineMetrics,
    private readonly logger: Logger,
  ) {}

  get size(): number {
    return this.open.size;
  }

  add(subscriber: LiveSubscriber): void {
    this.open.add(subscriber);
    this.metrics.liveSubscribers.set(this.open.size);
  }

  remove(subscriber: LiveSubscriber): void {
    this.open.delete(subscriber);
    this.metrics.liveSubscribers.set(this.open.size);
  }

  send(chunk: Buffer): void {
    for (const subscriber of this.open) this.sendTo(subscriber, chunk);
  }

  sendTo(subscriber: LiveSubscriber, chunk: Buffer): void {
    if (!subscriber.offer(chunk)) this.drop(subscriber);
  }

  endAll(): void {
    for (const subscriber of this.open) {
      subscriber.end();
      this.remove(subscriber);
    }
  }

  private drop(subscriber: LiveSubscriber): void {
    subscriber.drop();
    this.remove(subscriber);
    this.metrics.liveSubscribersDropped.inc();
    this.logger.info({ subscribers: this.open.size }, 'slow subscriber dropped');
  }
}
