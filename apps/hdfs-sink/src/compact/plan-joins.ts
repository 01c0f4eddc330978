import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { type ChainFile } from './chain-file.ts';

/** Files of one chain and folder that become one file: the first takes in the others. */
export interface Join {
  readonly target: ChainFile;
  readonly sources: readonly ChainFile[];
  /** What the joined file says about itself. */
  readonly attributes: FileAttributes;
}

export interface JoinLimits {
  /** The group's commit: only what lies wholly below it is joined. */
  readonly committedOffset: bigint;
  /** Bytes that a joined file has at most. */
  readonly targetBytes: number;
}

/** Keeps the request's address below what servers take, and the NameNode's lock short. */
export const MAX_SOURCES = 100;

/** Takes the place of the writer's name, so that no writer takes a joined file for one of its own making. */
const OWNER = 'compaction';

/** What to join in a folder, `files` in the order of their offsets. Interrupted joins come out again to be finished. */
export function planJoins(files: readonly ChainFile[], limits: JoinLimits): Join[] {
  const joins: Join[] = [];
  for (let at = 0; at < files.length;) {
    const target = files[at]!;
    const covered = following(files, at).filter(
      ({ startOffset }) => startOffset <= target.attributes.endOffset,
    );
    const sources = covered.length > 0 ? covered : fitting(target, following(files, at), limits);
    if (covered.length > 0) joins.push({ target, sources, attributes: target.attributes });
    else if (sources.length > 0) joins.push({ target, sources, attributes: together(target, sources) });
    at += 1 + sources.length;
  }
  return joins;
}

function following(files: readonly ChainFile[], at: number): ChainFile[] {
  return files.slice(at + 1, at + 1 + MAX_SOURCES);
}

/** The files behind `target` that continue it, up to the first that does not fit. */
function fitting(target: ChainFile, files: readonly ChainFile[], limits: JoinLimits): ChainFile[] {
  const { committedOffset, targetBytes } = limits;
  const sources: ChainFile[] = [];
  let last = target;
  let bytes = target.bytes;
  for (const file of files) {
    const { startOffset, compression, attributes } = file;
    bytes += file.bytes;
    const continues = startOffset === last.attributes.endOffset + 1n && compression === target.compression;
    if (!continues || bytes > targetBytes || attributes.endOffset >= committedOffset) break;
    sources.push(file);
    last = file;
  }
  return sources;
}

function together(target: ChainFile, sources: readonly ChainFile[]): FileAttributes {
  const all = [target, ...sources];
  const sum = (count: (file: ChainFile) => number) => all.reduce((total, file) => total + count(file), 0);
  return {
    ...target.attributes,
    owner: OWNER,
    endOffset: all.at(-1)!.attributes.endOffset,
    records: sum(({ attributes }) => attributes.records),
    maxTimestampMs: Math.max(...all.map(({ attributes }) => attributes.maxTimestampMs)),
    ...(target.compression === 'gzip' && { pieces: sum(({ attributes }) => attributes.pieces ?? 1) }),
  };
}
