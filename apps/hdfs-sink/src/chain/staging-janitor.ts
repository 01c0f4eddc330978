import { type Logger } from '@pipeline/observability';
import { type FileStore } from '../hdfs/file-store.ts';
import { isStagingFileOf, stagingDirectory } from './file-name.ts';

export interface JanitorOptions {
  readonly root: string;
  readonly topics: readonly string[];
  /** Younger files may belong to a writer that is alive. */
  readonly minAgeMs: number;
  readonly nowMs?: () => number;
}

/** Removes what crashed writers left in the staging folder. */
export class StagingJanitor {
  constructor(
    private readonly store: FileStore,
    private readonly logger: Logger,
    private readonly options: JanitorOptions,
  ) {}

  /** One sweep. Best effort: it never fails, and what stays is taken by a later start. */
  async sweep(): Promise<void> {
    const { root, topics, minAgeMs, nowMs = Date.now } = this.options;
    const directory = stagingDirectory(root);
    let removed = 0;
    try {
      for (const { name, kind, modifiedMs } of await this.store.list(directory)) {
        const isOurs = kind === 'file' && topics.some((topic) => isStagingFileOf(topic, name));
        if (!isOurs || nowMs() - modifiedMs < minAgeMs) continue;
        await this.store.remove(`${directory}/${name}`);
        removed += 1;
      }
      if (removed > 0) this.logger.info({ removed }, 'staging files removed');
    } catch (error) {
      this.logger.warn({ err: error, removed }, 'staging files not removed');
    }
  }
}
