import { backoffMs, pause } from '@pipeline/kafka-transport';
import { type Logger, type Readiness } from '@pipeline/observability';
import { FileStoreError } from '../hdfs/file-store-error.ts';
import { type FileStore } from '../hdfs/file-store.ts';

export interface StoreProbeOptions {
  readonly store: FileStore;
  /** A path that is asked for; it need not exist. */
  readonly path: string;
  readonly readiness: Readiness;
  readonly logger: Logger;
  /** Pause between looks while all is well. */
  readonly intervalMs: number;
  readonly nowMs?: () => number;
}

const RETRY = { initialMs: 200, maxMs: 5_000 };
/** A restart of a NameNode's web server, or one slow answer, does not make the app unready. */
const TOLERATED_INTERVALS = 3;

/** Looks for ever whether HDFS answers. The app runs without HDFS; this part says so at `/readyz`. */
export class StoreProbe {
  private readonly stopping = new AbortController();
  private answeredAtMs = -Infinity;
  private reason = 'HDFS has not answered yet';

  constructor(private readonly options: StoreProbeOptions) {
    options.readiness.register('hdfs', () => this.problem());
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

  /** One question; false when it was not answered. */
  async look(): Promise<boolean> {
    const { store, path, logger } = this.options;
    try {
      await store.describe(path);
      if (this.problem() !== undefined) logger.info('hdfs ready');
      this.answeredAtMs = this.nowMs();
      return true;
    } catch (error) {
      const reason = `HDFS: ${error instanceof FileStoreError ? error.code : 'unexpected'}`;
      if (reason !== this.reason) logger.warn({ err: error }, 'hdfs not answering');
      this.reason = reason;
      return false;
    }
  }

  private problem(): string | undefined {
    const silenceMs = this.nowMs() - this.answeredAtMs;
    return silenceMs > TOLERATED_INTERVALS * this.options.intervalMs ? this.reason : undefined;
  }

  private nowMs(): number {
    return this.options.nowMs?.() ?? performance.now();
  }
}
