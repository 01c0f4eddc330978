import { type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { TABLE_TOPICS } from '@pipeline/event-schema';
import { type Logger } from '@pipeline/observability';
import { type DocumentStore } from '../elasticsearch/document-store.ts';
import { bulkOutcome } from './bulk-outcome.ts';

const INTERVAL_MS = 60 * 60 * 1_000;

/**
 * Removes deletions of rows that were kept long enough, at the start and every hour. Replicas do it beside each other: what one
 * has removed the others do not find.
 */
export class DeletionPurge implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly store: DocumentStore,
    private readonly logger: Logger,
    private readonly tables: readonly string[] = TABLE_TOPICS,
  ) {}

  onApplicationBootstrap(): void {
    void this.purge();
    this.timer = setInterval(() => void this.purge(), INTERVAL_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** Never rejects: what is left now is removed an hour later. */
  async purge(now = new Date()): Promise<void> {
    for (const table of this.tables) {
      try {
        const removed = await this.purgeTable(table, now);
        if (removed > 0) this.logger.info({ topic: table, removed }, 'deletions of rows removed');
      } catch (error) {
        this.logger.warn({ topic: table, err: error }, 'deletions of rows not removed');
      }
    }
  }

  private async purgeTable(table: string, now: Date): Promise<number> {
    let removed = 0;
    for (;;) {
      const found = await this.store.findOldDeletions(table, now);
      if (found.length === 0) return removed;
      const outcomes = (await this.store.forgetDeletions(found)).map(bulkOutcome);
      const written = outcomes.filter(({ kind }) => kind === 'written').length;
      removed += written;
      // A search does not see yet what was removed, or none of it could be: the rest has time.
      if (written < found.length) return removed;
    }
  }
}
