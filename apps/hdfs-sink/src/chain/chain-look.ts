import { PartitionHaltedError } from '@pipeline/sink-runtime';
import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { type FileStore } from '../hdfs/file-store.ts';
import { type ChainId, COMPRESSIONS, finalPath, startOffsetOf } from './file-name.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long a writer may believe that a place of the chain is free. */
export const LOOK_VALID_MS = 10 * MINUTE_MS;
/** From so long after its end on, an hour's files may have been joined by compaction, which waits at least an hour. */
export const JOINED_AFTER_MS = 30 * MINUTE_MS;

/** A place of a chain: the hour's folder and the offset that a file would start at. */
export interface Place {
  readonly startOffset: bigint;
  readonly hour: number;
}

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

/**
 * The attributes of the file at `path`, or nothing when no file is there.
 * @throws PartitionHaltedError when the file does not say where it ends: going on would leave a hole or store twice.
 */
export async function describedFile(store: FileStore, path: string): Promise<FileAttributes | undefined> {
  const file = await store.describe(path);
  if (!file) return undefined;
  if (!file.attributes)
    throw new PartitionHaltedError('unreadable-file', `${path} does not say which offsets it holds`);
  return file.attributes;
}

/**
 * A file that holds `startOffset` without starting there, which only compaction makes: the file with the greatest name
 * up to it in its hour, if it ends behind it.
 */
async function coveringFile(
  store: FileStore,
  chain: ChainId,
  { startOffset, hour }: Place,
): Promise<FileAttributes | undefined> {
  const folder = finalPath(chain, startOffset, hour, 'none').replace(/\/[^/]+$/, '');
  let nearest: { readonly name: string; readonly start: bigint } | undefined;
  for (const { kind, name } of await store.list(folder)) {
    const start = kind === 'file' ? startOffsetOf(chain, name) : undefined;
    if (start === undefined || start > startOffset || (nearest && start < nearest.start)) continue;
    nearest = { name, start };
  }
  const file = nearest && (await describedFile(store, `${folder}/${nearest.name}`));
  return file && file.endOffset >= startOffset ? file : undefined;
}
