const HOUR_MS = 3_600_000;

export const COMPRESSIONS = ['none', 'gzip'] as const;
export type FileCompression = (typeof COMPRESSIONS)[number];

/** One partition's chain of files under `root`. */
export interface ChainId {
  readonly root: string;
  readonly topic: string;
  readonly partition: number;
}

const EXTENSION: Readonly<Record<FileCompression, string>> = { none: '.jsonl', gzip: '.jsonl.gz' };

/** `<topic>-p<partition>-<offset, 20 digits>`: sorts by offset, any 63-bit offset fits. */
function stem({ topic, partition }: ChainId, offset: bigint): string {
  return `${topic}-p${partition}-${offset.toString().padStart(20, '0')}`;
}

export function topicDirectory({ root, topic }: Pick<ChainId, 'root' | 'topic'>): string {
  return `${root}/${topic}`;
}

/** Everything unfinished lies here, outside every table's folder. */
export function stagingDirectory(root: string): string {
  return `${root}/_staging`;
}

/** Where the file that starts at `startOffset` lies. Its end is no part of the name, so all writers compute the same. */
export function finalPath(
  chain: ChainId,
  startOffset: bigint,
  hour: number,
  compression: FileCompression,
): string {
  return `${topicDirectory(chain)}/${hourDirectory(hour)}/${stem(chain, startOffset)}${EXTENSION[compression]}`;
}

export function stagingPath(chain: ChainId, startOffset: bigint, unique: string): string {
  return `${stagingDirectory(chain.root)}/${stem(chain, startOffset)}-${unique}.tmp`;
}

/** Where it is noted at which offset the chain goes on for a writer that starts at `offset`. */
export function pointerPath(chain: ChainId, offset: bigint): string {
  return `${stagingDirectory(chain.root)}/${stem(chain, offset)}.pointer`;
}

/** The start offset in a file's name, or nothing when the name is not of this chain. */
export function startOffsetOf(chain: ChainId, name: string): bigint | undefined {
  return offsetIn(chain, /^(.+)-p(\d+)-(\d{20})\.jsonl(\.gz)?$/.exec(name));
}

/** Whether a staging file was made for this topic. */
export function isStagingFileOf(topic: string, name: string): boolean {
  return /^(.+)-p\d+-\d{20}-[0-9a-f-]{36}\.tmp$/.exec(name)?.[1] === topic;
}

/** The start offset in the name of a staging file of this chain, or nothing when it is none. */
export function stagedOffsetOf(chain: ChainId, name: string): bigint | undefined {
  return offsetIn(chain, /^(.+)-p(\d+)-(\d{20})-[0-9a-f-]{36}\.tmp$/.exec(name));
}

/** The offset in the name of a pointer of this chain, or nothing when it is none. */
export function pointerOffsetOf(chain: ChainId, name: string): bigint | undefined {
  return offsetIn(chain, /^(.+)-p(\d+)-(\d{20})\.pointer$/.exec(name));
}

function offsetIn({ topic, partition }: ChainId, match: RegExpExecArray | null): bigint | undefined {
  return match && match[1] === topic && match[2] === String(partition) ? BigInt(match[3] ?? '') : undefined;
}

export function compressionOf(name: string): FileCompression {
  return name.endsWith('.gz') ? 'gzip' : 'none';
}

/** UTC hours since the epoch. */
export function hourOf(timestampMs: number): number {
  return Math.floor(timestampMs / HOUR_MS);
}

/** The partition folder of an hour, as Hive reads it: `dt=2026-11-22/hour=09`. */
export function hourDirectory(hour: number): string {
  const iso = new Date(hour * HOUR_MS).toISOString();
  return `dt=${iso.slice(0, 10)}/hour=${iso.slice(11, 13)}`;
}
