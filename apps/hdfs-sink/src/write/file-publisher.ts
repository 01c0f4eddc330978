import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type FileAttributes } from '../hdfs/file-attributes.ts';
import { FileStoreError } from '../hdfs/file-store-error.ts';
import { type FileStore } from '../hdfs/file-store.ts';
import { type ChainEnd } from '../recover/chain-end.ts';
import { describedFile } from '../recover/described-file.ts';
import { type CommitStep, type CommitStepHook } from './commit-steps.ts';
import { type ChainId, type Compression, finalPath, pointerPath, stagingPath } from './file-name.ts';
import { type JsonLines } from './json-lines.ts';
import { type NextFile } from './next-file.ts';
import { recordIdentity } from './record-identity.ts';

export interface FilePublisherOptions {
  readonly store: FileStore;
  readonly chain: ChainId;
  readonly compression: Compression;
  readonly owner: string;
  readonly hook: CommitStepHook;
}

interface Placement {
  readonly to: string;
  readonly body: Buffer;
  readonly attributes: FileAttributes;
  readonly reached: (step: CommitStep) => void | Promise<void>;
}

const compress = promisify(gzip);

/**
 * Puts one file at its name: unique staging path → length verified, attributes set → compare-and-set rename. The
 * rename is the commit: whatever else happens, a name has one file, complete, for ever.
 */
export class FilePublisher {
  constructor(private readonly options: FilePublisherOptions) {}

  /**
   * Publishes a file of the chain.
   * @returns the attributes of the file that has the name now: this one, or the one that was there first.
   */
  async publish(file: NextFile, { body, lines }: JsonLines, revoked: AbortSignal): Promise<FileAttributes> {
    const { chain, compression, owner, hook } = this.options;
    const attributes = {
      endOffset: file.endOffset,
      records: lines,
      firstRecord: recordIdentity(chain.topic, file.records[0]!),
      maxTimestampMs: file.maxTimestampMs,
      owner,
    };
    const placement = {
      to: finalPath(chain, file.startOffset, file.hour, compression),
      body: compression === 'gzip' ? await compress(body) : body,
      attributes,
      reached: hook,
    };
    return this.place(placement, stagingPath(chain, file.startOffset, randomUUID()), revoked);
  }

  /**
   * Notes where the chain goes on for whoever starts at `offset`, which is about to be committed though no file ends
   * there. That is a fact about immutable files, so a pointer of an earlier writer is as good as ours.
   */
  async point(offset: bigint, end: ChainEnd, revoked: AbortSignal): Promise<void> {
    const { chain, owner } = this.options;
    const attributes = {
      endOffset: end.nextOffset - 1n,
      records: 0,
      firstRecord: '',
      maxTimestampMs: end.maxTimestampMs ?? 0,
      owner,
    };
    const to = pointerPath(chain, offset);
    const placement = { to, body: Buffer.alloc(0), attributes, reached: () => undefined };
    await this.place(placement, stagingPath(chain, offset, randomUUID()), revoked);
  }

  private async place(placement: Placement, staging: string, revoked: AbortSignal): Promise<FileAttributes> {
    const { store } = this.options;
    const { to, body, attributes, reached } = placement;
    try {
      revoked.throwIfAborted();
      await store.writeNew(staging, body);
      await reached('staged');
      revoked.throwIfAborted();
      await store.seal(staging, body.length, attributes);
      await reached('verified');
      revoked.throwIfAborted();
      const holder = await this.rename(staging, to, attributes);
      if (holder !== attributes) this.discard(staging);
      await reached('renamed');
      return holder;
    } catch (error) {
      if (!revoked.aborted) this.discard(staging);
      throw error;
    }
  }

  /** The answer to a rename may be lost after it took effect, so what lies at the name decides, not the error. */
  private async rename(staging: string, to: string, attributes: FileAttributes): Promise<FileAttributes> {
    const { store } = this.options;
    try {
      if ((await store.publish(staging, to)) === 'published') return attributes;
    } catch (error) {
      const holder = await describedFile(store, to);
      if (holder) return holder;
      throw error;
    }
    const holder = await describedFile(store, to);
    if (!holder) throw new FileStoreError('unexpected', `${to} was taken and is gone`);
    return holder;
  }

  /** Best effort: the janitor removes what stays. */
  private discard(staging: string): void {
    this.options.store.remove(staging).catch(() => undefined);
  }
}
