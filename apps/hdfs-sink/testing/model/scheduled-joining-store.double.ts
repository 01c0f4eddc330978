import { FileStoreError } from '../../src/hdfs/file-store-error.ts';
import { type FileAttributes } from '../../src/hdfs/file-attributes.ts';
import { MemoryFileStore } from '../file-store.double.ts';
import { ScheduledFileStore } from './scheduled-file-store.double.ts';

/**
 * What a compaction sees. Its two operations that nothing but its lock protects are applied when they are asked for,
 * or never: a NameNode does not take longer for a request than the lock may be silent. Their answers may be lost, and
 * the process may crash before they come.
 */
export class ScheduledJoiningStore extends ScheduledFileStore {
  override relabel(path: string, attributes: FileAttributes): Promise<void> {
    return this.atOnce((store) => store.relabel(path, attributes));
  }

  override join(target: string, sources: readonly string[]): Promise<void> {
    return this.atOnce((store) => store.join(target, sources));
  }

  private async atOnce(change: (store: MemoryFileStore) => Promise<void>): Promise<void> {
    const { scheduler, process } = this;
    const isApplied = scheduler.random() >= scheduler.faultRate;
    const applied = isApplied ? change(new MemoryFileStore(this.files, this.nowMs)) : Promise.resolve();
    // Kept from counting as unhandled while the answer is on its way.
    applied.catch(() => undefined);
    const outcome = await scheduler.turn(process);
    await applied;
    if (!isApplied || outcome !== 'done') throw new FileStoreError('timeout', 'not answered');
  }
}
