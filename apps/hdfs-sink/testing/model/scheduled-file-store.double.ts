import { FileStoreError } from '../../src/hdfs/file-store-error.ts';
import {
  MemoryFileStore,
  type FileStoreFault,
  type FileStoreOperation,
  type MemoryFile,
} from '../file-store.double.ts';
import { type ModelProcess, type Scheduler } from './scheduler.fixture.ts';

/** One process's view of the file system; the scheduler decides when each call takes effect and how it ends. */
export class ScheduledFileStore extends MemoryFileStore {
  constructor(
    files: Map<string, MemoryFile>,
    protected readonly scheduler: Scheduler,
    protected readonly process: ModelProcess,
    nowMs: () => number,
  ) {
    super(files, nowMs);
  }

  protected override async perform<T>(
    operation: FileStoreOperation,
    path: string,
    apply: (fault?: FileStoreFault) => T,
  ): Promise<T> {
    const outcome = await this.scheduler.turn(this.process);
    switch (outcome) {
      case 'done':
        return apply();
      case 'truncates':
        return apply('truncates');
      case 'fails':
        throw new FileStoreError('unavailable', `${operation} ${path} failed`);
      case 'reply-lost':
        quietly(() => apply('truncates'));
        throw new FileStoreError('timeout', `${operation} ${path} was not answered`);
      case 'late':
        this.scheduler.later(() => quietly(apply));
        throw new FileStoreError('timeout', `${operation} ${path} was not answered`);
    }
  }
}

/** Nobody hears the error of an operation whose answer is lost. */
function quietly(apply: () => unknown): void {
  try {
    apply();
  } catch (error) {
    if (!(error instanceof FileStoreError)) throw error;
  }
}
