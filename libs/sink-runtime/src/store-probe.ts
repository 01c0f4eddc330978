import { type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { backoffMs, pause } from '@pipeline/kafka-transport';
import { type Logger, type Readiness } from '@pipeline/observability';

/** How to find out whether a store can take records now. */
export interface StoreQuestion {
  /** The store's name, such as `Elasticsearch`; in lower case its key at `/readyz`. */
  readonly store: string;
  /** Resolves when it can. @throws an error, whose `code` is shown at `/readyz`, and its `reason` if it has one. */
  readonly ask: () => Promise<unknown>;
  /** Pause between questions while all is well. */
  readonly intervalMs: number;
  /** Failures within this time after an answer are not shown; default 0. */
  readonly toleranceMs?: number;
}

export interface StoreProbeOptions extends StoreQuestion {
  readonly readiness: Readiness;
  readonly logger: Logger;
  readonly nowMs?: () => number;
}

const RETRY = { initialMs: 200, maxMs: 5_000 };

/**
 * Asks again and again whether a store is there. A sink runs without its store; this part says so at `/readyz`, and
 * wakes what waits for the store when it answers again.
 */
export class StoreProbe implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private answeredAtMs = -Infinity;
  private failure: string | undefined;
  private returning = new AbortController();

  constructor(private readonly options: StoreProbeOptions) {
    const { store, readiness } = options;
    this.failure = `${store} has not answered yet`;
    readiness.register(store.toLowerCase(), () => this.problem());
  }

  onApplicationBootstrap(): void {
    void this.run();
  }

  onApplicationShutdown(): void {
    this.stop();
  }

  /** Aborts when the store next answers after it did not. */
  get nextReturn(): AbortSignal {
    return this.returning.signal;
  }

  /** Runs until {@link stop}; never rejects. */
  async run(): Promise<void> {
    for (let failures = 0; !this.stopping.signal.aborted;) {
      failures = (await this.look()) ? 0 : failures + 1;
      const waitMs = failures > 0 ? backoffMs(failures, RETRY) : this.options.intervalMs;
      await pause(waitMs, this.stopping.signal);
    }
  }

  stop(): void {
    this.stopping.abort();
  }

  /** One question; false when the store is not there. */
  async look(): Promise<boolean> {
    const { store, ask, logger } = this.options;
    try {
      await ask();
      if (this.problem() !== undefined) logger.info(`${store.toLowerCase()} ready`);
      const hasReturned = this.failure !== undefined;
      this.failure = undefined;
      this.answeredAtMs = this.nowMs();
      if (hasReturned) this.announceReturn();
      return true;
    } catch (error) {
      const { code = 'unexpected', reason } = error as { code?: string; reason?: string };
      const failure = `${store}: ${code}${reason === undefined ? '' : ` (${reason})`}`;
      if (failure !== this.failure) logger.warn({ err: error }, `${store.toLowerCase()} not ready`);
      this.failure = failure;
      return false;
    }
  }

  private announceReturn(): void {
    const { returning } = this;
    this.returning = new AbortController();
    returning.abort();
  }

  private problem(): string | undefined {
    const { toleranceMs = 0 } = this.options;
    return this.nowMs() - this.answeredAtMs > toleranceMs ? this.failure : undefined;
  }

  private nowMs(): number {
    return this.options.nowMs?.() ?? performance.now();
  }
}
