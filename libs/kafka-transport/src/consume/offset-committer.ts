import { type Logger } from '@pipeline/observability';
import { backoffMs, type GroupConsumer, pause } from '@pipeline/kafka-driver';

/** Written with every commit of ours, so that a commit by an operator's tool or a reset can be told apart. */
export const COMMIT_METADATA = 'web-event-pipeline/1';

/** What a memo is committed as. */
export function commitMetadata(memo = ''): string {
  return memo === '' ? COMMIT_METADATA : `${COMMIT_METADATA} ${memo}`;
}

/** The memo of a commit of ours; `undefined` when the commit is somebody else's. */
export function memoOf(metadata: string): string | undefined {
  const [mark, ...memo] = metadata.split(' ');
  return mark === COMMIT_METADATA ? memo.join(' ') : undefined;
}

export interface Commit {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Goes with the offset. */
  readonly memo?: string | undefined;
  /** Aborted: the partition is no longer ours, so the commit is dropped (its records will be read again). */
  readonly revoked: AbortSignal;
}

const RETRY = { initialMs: 100, maxMs: 5_000 };

/**
 * Commits offsets one request at a time; what becomes committable meanwhile goes together into the next one, so the
 * number of requests does not grow with the number of partitions.
 */
export class OffsetCommitter {
  private pending = new Map<string, Commit>();
  private running: Promise<void> | undefined;
  private attempt = 0;

  constructor(
    private readonly consumer: Pick<GroupConsumer, 'commit'>,
    private readonly logger: Logger,
    private readonly onCommitted: (commit: Commit) => void = () => undefined,
  ) {}

  commit(commit: Commit): void {
    this.pending.set(`${commit.topic}/${commit.partition}`, commit);
    this.running ??= this.drain().finally(() => {
      this.running = undefined;
    });
  }

  /** Resolves when everything handed over so far is committed or no longer ours. */
  async settled(): Promise<void> {
    while (this.running) await this.running;
  }

  private async drain(): Promise<void> {
    // Let the flushes that end in this turn of the event loop share one request.
    await new Promise(setImmediate);
    while (this.pending.size > 0) {
      const commits = [...this.pending.values()].filter(({ revoked }) => !revoked.aborted);
      this.pending = new Map();
      if (commits.length > 0) await this.send(commits);
    }
  }

  private async send(commits: readonly Commit[]): Promise<void> {
    try {
      await this.consumer.commit(
        commits.map(({ memo, revoked: _revoked, ...commit }) => ({
          ...commit,
          metadata: commitMetadata(memo),
        })),
      );
      this.attempt = 0;
      commits.forEach(this.onCommitted);
    } catch (error) {
      this.logger.warn({ err: error }, 'offset commit failed');
      await pause(backoffMs(this.attempt++, RETRY));
      for (const commit of commits) {
        const key = `${commit.topic}/${commit.partition}`;
        if (!this.pending.has(key)) this.pending.set(key, commit);
      }
    }
  }
}
