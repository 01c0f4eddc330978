import { decodeAttributes, encodeAttributes, type FileAttributes } from './file-attributes.ts';
import { FileStoreError } from './file-store-error.ts';
import {
  type DirectoryEntry,
  type JoiningFileStore,
  type PublishOutcome,
  type StoredFile,
} from './file-store.ts';
import { type HdfsConnection } from './hdfs-connection.ts';
import { type PieceFlow } from './piece-flow.ts';
import { WebHdfsDownload } from './web-hdfs-download.ts';
import { WebHdfsRequest } from './web-hdfs-request.ts';
import { WebHdfsUpload } from './web-hdfs-upload.ts';

/** The extended attribute that holds {@link FileAttributes}; `hdfs dfs -getfattr -d <file>` shows it as text. */
export const ATTRIBUTE_NAME = 'user.pipeline';

/** {@link JoiningFileStore} in HDFS. Believes only what the answer proves: status, boolean, exception class, length. */
export class WebHdfsFileStore implements JoiningFileStore {
  private readonly rest: WebHdfsRequest;
  private readonly uploads: WebHdfsUpload;
  private readonly downloads: WebHdfsDownload;
  /** The uploads at the end of files that grow. One that has failed stays, so that its file is never sealed. */
  private readonly growing = new Map<string, PieceFlow>();

  constructor(connection: HdfsConnection) {
    this.rest = new WebHdfsRequest(connection);
    this.uploads = new WebHdfsUpload(connection);
    this.downloads = new WebHdfsDownload(connection, this.rest);
  }

  writeNew(path: string, body: Buffer): Promise<void> {
    return this.uploads.create(path, body);
  }

  append(path: string, body: Buffer): Promise<void> {
    return this.uploads.append(path, body);
  }

  async grow(path: string, body: Buffer): Promise<void> {
    if (this.growing.get(path)?.isOpen === false) await this.allArrived(path);
    await (this.growing.get(path) ?? this.startGrowing(path)).push(body);
  }

  async seal(path: string, length: number, attributes: FileAttributes): Promise<void> {
    await this.allArrived(path);
    const status = (await this.rest.send('GET', 'GETFILESTATUS', path)) as {
      FileStatus?: { length?: number };
    };
    const stored = status.FileStatus?.length;
    if (stored !== length) {
      throw new FileStoreError('truncated', `${path} holds ${stored} of ${length} bytes`);
    }
    await this.setAttributes(path, attributes, 'CREATE');
  }

  /** With `renameoptions` HDFS throws where it would answer `false`, or overwrite nothing without a word. */
  async publish(from: string, to: string): Promise<PublishOutcome> {
    await this.makeDirectory(to.slice(0, to.lastIndexOf('/')));
    try {
      const answer = await this.rest.send('PUT', 'RENAME', from, { destination: to, renameoptions: 'NONE' });
      if (isFalse(answer)) throw new FileStoreError('unexpected', `RENAME of ${from} was refused`);
      return 'published';
    } catch (error) {
      if (error instanceof FileStoreError && error.code === 'already-exists') return 'already-exists';
      throw error;
    }
  }

  async describe(path: string): Promise<StoredFile | undefined> {
    const answer = await unlessMissing(this.rest.send('GET', 'GETXATTRS', path, { encoding: 'base64' }));
    if (answer === undefined) return undefined;
    const { XAttrs: attributes = [] } = answer as { XAttrs?: { name: string; value: string }[] };
    const encoded = attributes.find(({ name }) => name === ATTRIBUTE_NAME)?.value;
    return {
      attributes: encoded?.startsWith('0s') ? decodeAttributes(fromBase64(encoded.slice(2))) : undefined,
    };
  }

  async list(directory: string): Promise<DirectoryEntry[]> {
    const answer = await unlessMissing(this.rest.send('GET', 'LISTSTATUS', directory));
    const { FileStatuses: statuses } = (answer ?? {}) as { FileStatuses?: { FileStatus?: FileStatus[] } };
    return (statuses?.FileStatus ?? []).map(({ pathSuffix, type, length, modificationTime }) => ({
      name: pathSuffix,
      kind: type === 'DIRECTORY' ? 'directory' : 'file',
      bytes: length,
      modifiedMs: modificationTime,
    }));
  }

  async remove(path: string): Promise<void> {
    this.growing.get(path)?.destroy();
    this.growing.delete(path);
    // `false` says that there was nothing to remove.
    await unlessMissing(this.rest.send('DELETE', 'DELETE', path));
  }

  async relabel(path: string, attributes: FileAttributes): Promise<void> {
    await this.setAttributes(path, attributes, 'REPLACE');
  }

  async join(target: string, sources: readonly string[]): Promise<void> {
    await this.rest.send('POST', 'CONCAT', target, { sources: sources.join(',') });
  }

  async replace(from: string, to: string): Promise<void> {
    await this.rest.send('PUT', 'RENAME', from, { destination: to, renameoptions: 'OVERWRITE' });
  }

  read(path: string): AsyncIterable<Buffer> {
    return this.downloads.read(path);
  }

  close(): void {
    for (const upload of this.growing.values()) upload.destroy();
    this.rest.close();
  }

  private startGrowing(path: string): PieceFlow {
    const upload = this.uploads.appendPieces(path);
    this.growing.set(path, upload);
    const forget = () => this.growing.get(path) === upload && this.growing.delete(path);
    upload.outcome.then(forget, () => undefined);
    return upload;
  }

  private async allArrived(path: string): Promise<void> {
    await this.growing.get(path)?.end();
  }

  private async setAttributes(
    path: string,
    attributes: FileAttributes,
    flag: 'CREATE' | 'REPLACE',
  ): Promise<void> {
    await this.rest.send('PUT', 'SETXATTR', path, {
      'xattr.name': ATTRIBUTE_NAME,
      'xattr.value': encodeAttributes(attributes),
      flag,
    });
  }

  private async makeDirectory(path: string): Promise<void> {
    const answer = await this.rest.send('PUT', 'MKDIRS', path);
    if (isFalse(answer)) throw new FileStoreError('unexpected', `MKDIRS ${path} was refused`);
  }
}

interface FileStatus {
  readonly pathSuffix: string;
  readonly type: string;
  readonly length: number;
  readonly modificationTime: number;
}

function isFalse(answer: unknown): boolean {
  return (answer as { boolean?: boolean } | undefined)?.boolean === false;
}

function fromBase64(encoded: string): string {
  return Buffer.from(encoded, 'base64').toString();
}

async function unlessMissing(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof FileStoreError && error.code === 'not-found') return undefined;
    throw error;
  }
}
