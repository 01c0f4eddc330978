import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { type FileStore } from '../hdfs/file-store.ts';
import { type ChainId, COMPRESSIONS, finalPath } from './file-name.ts';
import { coveringFile, type Place } from './covering-file.ts';
import { describedFile } from './described-file.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a writer may believe that a place of the chain is free. */
export const LOOK_VALID_MS = 10 * MINUTE_MS;
/** From so long after its end on, an hour's files may have been joined by compaction, which waits at least an hour. */
export const JOINED_AFTER_MS = 30 * MINUTE_MS;

/** A file that holds a place of the chain. */
export interface Find {
  readonly file: FileAttributes;
  /** Whether it starts there, or is a joined one that began before. */
  readonly starts: boolean;
}

/** Looks whether a place of the chain is taken, and remembers when it looked. */
export class ChainLook {
  private lookedAtMs = -Infinity;

  constructor(
    private readonly store: FileStore,
    private readonly chain: ChainId,
    private readonly nowMs: () => number,
  ) {}

  /**
   * Whether the latest look is too old to rename by. A writer that slept longer (a paused process) might otherwise
   * publish at a name that compaction has freed meanwhile.
   */
  get outdated(): boolean {
    return this.nowMs() - this.lookedAtMs > LOOK_VALID_MS;
  }

  /** Our own file is about to become the last one of the chain, if the rename succeeds. */
  renew(): void {
    this.lookedAtMs = this.nowMs();
  }

  /** The file that holds the place; the compression setting may have been another one when it was written. */
  async find(place: Place): Promise<Find | undefined> {
    this.renew();
    const { store, chain } = this;
    const { startOffset, hour } = place;
    const paths = COMPRESSIONS.map((compression) => finalPath(chain, startOffset, hour, compression));
    const files = await Promise.all(paths.map((path) => describedFile(store, path)));
    const file = files.find((found) => found !== undefined);
    if (file) return { file, starts: true };
    if (this.nowMs() < (hour + 1) * HOUR_MS + JOINED_AFTER_MS) return undefined;
    const covering = await coveringFile(store, chain, place);
    return covering && { file: covering, starts: false };
  }
}
