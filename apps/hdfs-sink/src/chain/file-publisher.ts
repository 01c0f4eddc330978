import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { FileStoreError } from '../hdfs/file-store-error.ts';
import { type FileStore } from '../hdfs/file-store.ts';
import { describedFile } from './chain-look.ts';
import { type ChainId, type FileCompression, finalPath, pointerPath, stagingPath } from './file-name.ts';
import { type JsonLines } from './json-lines.ts';
import { type NextFile, recordIdentity } from './next-file.ts';
import { type ChainEnd } from './recover-chain.ts';

/** The points between which a file comes into being; a crash at any of them must lose and double nothing. */
export const COMMIT_STEPS = ['staged', 'verified', 'renamed', 'before-offset-commit'] as const;
export type CommitStep = (typeof COMMIT_STEPS)[number];

/** Called at each step and waited for. Production does nothing there; tests and fault drills do. */
export type CommitStepHook = (step: CommitStep) => void | Promise<void>;

export const noHook: CommitStepHook = () => undefined;

/** For fault drills: the process kills itself the first time it reaches `crashStep`, and does nothing after it. */
export function crashAt(crashStep: CommitStep): CommitStepHook {
  return (step) => {
    if (step !== crashStep) return;
    process.kill(process.pid, 'SIGKILL');
    return new Promise<void>(() => undefined);
  };
}

export interface FilePublisherOptions {
  readonly store: FileStore;
  readonly chain: ChainId;
  readonly compression: FileCompression;
  readonly owner: string;
  readonly hook: CommitStepHook;
}

/** A file in the staging folder that may still grow. */
export interface StagedFile {
  readonly path: string;
  readonly startOffset: bigint;
  readonly hour: number;
  /** Its first record: what it is, and where. */
  readonly firstRecord: string;
  readonly firstOffset: bigint;
  /** Stored so far. */
  bytes: number;
  lines: number;
  maxTimestampMs: number;
}

interface Placement {
  readonly from: string;
  readonly to: string;
  readonly bytes: number;
  readonly attributes: FileAttributes;
  readonly reached: CommitStepHook;
}

const compress = promisify(gzip);

/**
 * Puts one file at its name: unique staging path, which may grow piece by piece → length verified, attributes set →
 * compare-and-set rename. The rename is the commit: whatever else happens, a name has one file, complete, for ever.
 */
export class FilePublisher {
  constructor(private readonly options: FilePublisherOptions) {}

  /** Begins a file of the chain in the staging folder. */
  async stage(file: NextFile, { body, lines }: JsonLines, revoked: AbortSignal): Promise<StagedFile> {
    const { chain, store } = this.options;
    const { startOffset, hour, maxTimestampMs } = file;
    const first = file.records[0]!;
    const path = stagingPath(chain, startOffset, randomUUID());
    const content = await this.encoded(body);
    revoked.throwIfAborted();
    try {
      await store.writeNew(path, content);
    } catch (error) {
      this.discard({ path }, revoked);
      throw error;
    }
    return {
      path,
      startOffset,
      hour,
      firstRecord: recordIdentity(chain.topic, first),
      firstOffset: BigInt(first.offset),
      bytes: content.length,
      lines,
      maxTimestampMs,
    };
  }

  /** Lets a staged file grow. After an error nobody knows what it holds: it must be given up. */
  async append(staged: StagedFile, { maxTimestampMs }: NextFile, { body, lines }: JsonLines): Promise<void> {
    // Each piece of a compressed file is a gzip member of its own; readers take them for one stream.
    const content = body.length === 0 ? body : await this.encoded(body);
    if (content.length > 0) await this.options.store.grow(staged.path, content);
    staged.bytes += content.length;
    staged.lines += lines;
    staged.maxTimestampMs = Math.max(staged.maxTimestampMs, maxTimestampMs);
  }

  /**
   * Publishes a staged file that ends at `endOffset`.
   * @returns the attributes of the file that has the name now: this one, or the one that was there first.
   */
  async publish(staged: StagedFile, endOffset: bigint, revoked: AbortSignal): Promise<FileAttributes> {
    const { chain, compression, owner, hook } = this.options;
    const { path, startOffset, hour, bytes, lines: records, firstRecord, maxTimestampMs } = staged;
    const attributes = { endOffset, records, firstRecord, maxTimestampMs, owner };
    const to = finalPath(chain, startOffset, hour, compression);
    return this.place({ from: path, to, bytes, attributes, reached: hook }, revoked);
  }

  /**
   * Notes where the chain goes on for whoever starts at `offset`, which is about to be committed though no file ends
   * there. That is a fact about immutable files, so a pointer of an earlier writer is as good as ours.
   */
  async point(offset: bigint, end: ChainEnd, revoked: AbortSignal): Promise<void> {
    const { chain, owner, store } = this.options;
    const attributes = {
      endOffset: end.nextOffset - 1n,
      records: 0,
      firstRecord: '',
      maxTimestampMs: end.maxTimestampMs ?? 0,
      owner,
    };
    const from = stagingPath(chain, offset, randomUUID());
    revoked.throwIfAborted();
    try {
      await store.writeNew(from, Buffer.alloc(0));
    } catch (error) {
      this.discard({ path: from }, revoked);
      throw error;
    }
    const to = pointerPath(chain, offset);
    await this.place({ from, to, bytes: 0, attributes, reached: noHook }, revoked);
  }

  /** Best effort: the janitor removes what stays. Whoever lost the partition starts nothing more. */
  discard({ path }: Pick<StagedFile, 'path'>, revoked: AbortSignal): void {
    if (!revoked.aborted) this.options.store.remove(path).catch(() => undefined);
  }

  private async place(placement: Placement, revoked: AbortSignal): Promise<FileAttributes> {
    const { from, bytes, attributes, reached } = placement;
    try {
      await reached('staged');
      revoked.throwIfAborted();
      await this.options.store.seal(from, bytes, attributes);
      await reached('verified');
      revoked.throwIfAborted();
      const holder = await this.rename(placement);
      if (holder !== attributes) this.discard({ path: from }, revoked);
      await reached('renamed');
      return holder;
    } catch (error) {
      this.discard({ path: from }, revoked);
      throw error;
    }
  }

  /** The answer to a rename may be lost after it took effect, so what lies at the name decides, not the error. */
  private async rename({ from, to, attributes }: Placement): Promise<FileAttributes> {
    const { store } = this.options;
    try {
      if ((await store.publish(from, to)) === 'published') return attributes;
    } catch (error) {
      const holder = await describedFile(store, to);
      if (holder) return holder;
      throw error;
    }
    const holder = await describedFile(store, to);
    if (!holder) throw new FileStoreError('unexpected', `${to} was taken and is gone`);
    return holder;
  }

  private async encoded(body: Buffer): Promise<Buffer> {
    return this.options.compression === 'gzip' ? compress(body) : body;
  }
}
