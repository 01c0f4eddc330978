import { backoffMs, pause } from '@pipeline/kafka-transport';
import { type Logger, type Readiness } from '@pipeline/observability';
import { storeErrorOf } from '../elasticsearch/store-error-of.ts';
import { type IndexTemplates } from '../index/index-templates.ts';

export interface StoreProbeOptions {
  readonly templates: IndexTemplates;
  readonly readiness: Readiness;
  readonly logger: Logger;
  /** Pause between looks while all is well. */
  readonly intervalMs: number;
}

const RETRY = { initialMs: 200, maxMs: 5_000 };

/**
 * Looks for ever whether Elasticsearch answers and the templates are in place, and puts them back when they are not.
 * The app runs without Elasticsearch; this part says so at `/readyz`.
 */
export class StoreProbe {
  private readonly stopping = new AbortController();
  private reason: string | undefined = 'Elasticsearch has not answered yet';

  constructor(private readonly options: StoreProbeOptions) {
    options.readiness.register('elasticsearch', () => this.reason);
  }

  /** Runs until the signal of {@link stop}; never rejects. */
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

  private async look(): Promise<boolean> {
    try {
      await this.options.templates.check();
      if (this.reason !== undefined) this.options.logger.info('elasticsearch ready');
      this.reason = undefined;
      return true;
    } catch (error) {
      const { code, message } = storeErrorOf(error);
      const reason = `Elasticsearch: ${code}`;
      if (reason !== this.reason)
        this.options.logger.warn({ code, reason: message }, 'elasticsearch not ready');
      this.reason = reason;
      return false;
    }
  }
}
