import { FileStoreError } from '../hdfs/file-store-error.ts';
import { type FileStore } from '../hdfs/file-store.ts';
import { stagingDirectory } from '../chain/file-name.ts';

const MINUTE_MS = 60_000;
/** Silence of a holder after which he does nothing more. */
export const LOCK_VALID_MS = 10 * MINUTE_MS;
/** Silence of a holder after which another one takes the lock: longer than what he may still have on the way. */
export const LOCK_STALE_MS = 30 * MINUTE_MS;

const NAME = 'compaction.lock';

/** Another compaction is at work, or ended less than half an hour ago without a word. */
export class CompactionLockedError extends Error {
  override readonly name = 'CompactionLockedError';
}

/** Lets one compaction at a time change files below a root. It is a file that its holder keeps touching. */
export class CompactionLock {
  private constructor(
    private readonly store: FileStore,
    private readonly path: string,
    private readonly nowMs: () => number,
    private renewedAtMs: number,
  ) {}

  /** @throws CompactionLockedError */
  static async acquire(store: FileStore, root: string, nowMs: () => number): Promise<CompactionLock> {
    const directory = stagingDirectory(root);
    const path = `${directory}/${NAME}`;
    const held = (await store.list(directory)).find(({ name }) => name === NAME);
    if (held) {
      const age = nowMs() - held.modifiedMs;
      if (age < LOCK_STALE_MS)
        throw new CompactionLockedError(`${path} was touched ${Math.round(age / 1_000)} s ago`);
      await store.remove(path);
    }
    const startedAtMs = nowMs();
    try {
      await store.writeNew(path, Buffer.from('\n'));
    } catch (error) {
      if (error instanceof FileStoreError && error.code === 'already-exists')
        throw new CompactionLockedError(`${path} was taken at this moment`, { cause: error });
      throw error;
    }
    return new CompactionLock(store, path, nowMs, startedAtMs);
  }

  /**
   * Says that the holder is alive; to be called before each change.
   * @throws CompactionLockedError when he was silent for so long that another one may have begun.
   */
  async renew(): Promise<void> {
    this.expectValid();
    const startedAtMs = this.nowMs();
    await this.store.append(this.path, Buffer.from('\n'));
    this.renewedAtMs = startedAtMs;
    this.expectValid();
  }

  /** Best effort: an abandoned lock is taken over after {@link LOCK_STALE_MS}. */
  async release(): Promise<void> {
    if (this.nowMs() - this.renewedAtMs < LOCK_VALID_MS)
      await this.store.remove(this.path).catch(() => undefined);
  }

  private expectValid(): void {
    if (this.nowMs() - this.renewedAtMs > LOCK_VALID_MS)
      throw new CompactionLockedError('This run slept for too long and ends here');
  }
}
