import { type FileAttributes } from '../src/hdfs/file-attributes.ts';
import { FileStoreError } from '../src/hdfs/file-store-error.ts';
import {
  type DirectoryEntry,
  type JoiningFileStore,
  type PublishOutcome,
  type StoredFile,
} from '../src/hdfs/file-store.ts';

export type FileStoreOperation = keyof JoiningFileStore;

/** `fails`: not applied. `reply-lost`: applied, and the caller gets an error. `truncates`: half a body is stored, without an error. */
export type FileStoreFault = 'fails' | 'reply-lost' | 'truncates';

export interface MemoryFile {
  body: Buffer;
  attributes?: FileAttributes;
  modifiedMs: number;
  /** When it got its name. */
  placedMs?: number;
}

/** {@link JoiningFileStore} in memory. Fails, hangs and truncates on demand, and counts what it is asked. */
export class MemoryFileStore implements JoiningFileStore {
  /** Operations in the order they were asked for, with their first path. */
  readonly asked: string[] = [];
  private readonly faults: { operation: FileStoreOperation; fault: FileStoreFault }[] = [];
  private readonly hangs = new Map<FileStoreOperation, Promise<void>>();

  /** Stores that share `files` are several clients of one file system. */
  constructor(
    readonly files = new Map<string, MemoryFile>(),
    protected readonly nowMs: () => number = Date.now,
  ) {}

  /** The next call of `operation` goes wrong; several calls add up. */
  failNext(operation: FileStoreOperation, fault: FileStoreFault = 'fails'): void {
    this.faults.push({ operation, fault });
  }

  /** The next call of `operation` hangs, unapplied, until the result is called. */
  hangNext(operation: FileStoreOperation): () => void {
    let release = (): void => undefined;
    this.hangs.set(operation, new Promise((resolve) => (release = resolve)));
    return release;
  }

  writeNew(path: string, body: Buffer): Promise<void> {
    return this.perform('writeNew', path, (fault) => {
      if (this.files.has(path)) throw new FileStoreError('already-exists', `${path} exists`);
      const stored = fault === 'truncates' ? body.subarray(0, body.length / 2) : body;
      this.files.set(path, { body: Buffer.from(stored), modifiedMs: this.nowMs() });
    });
  }

  append(path: string, body: Buffer): Promise<void> {
    return this.addTo('append', path, body);
  }

  grow(path: string, body: Buffer): Promise<void> {
    return this.addTo('grow', path, body);
  }

  seal(path: string, length: number, attributes: FileAttributes): Promise<void> {
    return this.perform('seal', path, () => {
      const file = this.existing(path);
      if (file.body.length !== length)
        throw new FileStoreError('truncated', `${path} is ${file.body.length} bytes long`);
      file.attributes = attributes;
    });
  }

  publish(from: string, to: string): Promise<PublishOutcome> {
    return this.perform('publish', to, () => {
      const file = this.existing(from);
      if (this.files.has(to)) return 'already-exists';
      this.files.delete(from);
      this.files.set(to, { ...file, placedMs: this.nowMs() });
      return 'published';
    });
  }

  describe(path: string): Promise<StoredFile | undefined> {
    return this.perform('describe', path, () => {
      const file = this.files.get(path);
      return file && { attributes: file.attributes && { ...file.attributes } };
    });
  }

  list(directory: string): Promise<DirectoryEntry[]> {
    return this.perform('list', directory, () => {
      const entries = new Map<string, DirectoryEntry>();
      for (const [path, { body, modifiedMs, placedMs = modifiedMs }] of this.files) {
        if (!path.startsWith(`${directory}/`)) continue;
        const [name = '', ...below] = path.slice(directory.length + 1).split('/');
        const latestMs = Math.max(placedMs, entries.get(name)?.modifiedMs ?? 0);
        entries.set(
          name,
          below.length > 0
            ? { name, kind: 'directory', bytes: 0, modifiedMs: latestMs }
            : { name, kind: 'file', bytes: body.length, modifiedMs },
        );
      }
      return [...entries.values()];
    });
  }

  remove(path: string): Promise<void> {
    return this.perform('remove', path, () => {
      this.files.delete(path);
    });
  }

  relabel(path: string, attributes: FileAttributes): Promise<void> {
    return this.perform('relabel', path, () => {
      this.existing(path).attributes = attributes;
    });
  }

  join(target: string, sources: readonly string[]): Promise<void> {
    return this.perform('join', target, () => {
      const parts = [target, ...sources].map((path) => this.existing(path).body);
      if (parts.slice(1).some(({ length }) => length === 0))
        throw new FileStoreError('unsupported', 'a source is empty');
      this.existing(target).body = Buffer.concat(parts);
      this.existing(target).placedMs = this.nowMs();
      for (const path of sources) this.files.delete(path);
    });
  }

  replace(from: string, to: string): Promise<void> {
    return this.perform('replace', to, () => {
      const file = this.existing(from);
      this.files.delete(from);
      this.files.set(to, { ...file, placedMs: this.nowMs() });
    });
  }

  async *read(path: string): AsyncIterable<Buffer> {
    yield await this.perform('read', path, () => Buffer.from(this.existing(path).body));
  }

  /** One call: a test may decide when, and whether, it takes effect and its answer arrives. */
  protected async perform<T>(
    operation: FileStoreOperation,
    path: string,
    apply: (fault?: FileStoreFault) => T,
  ): Promise<T> {
    this.asked.push(`${operation} ${path}`);
    const hang = this.hangs.get(operation);
    this.hangs.delete(operation);
    await hang;
    const index = this.faults.findIndex((entry) => entry.operation === operation);
    const fault = index < 0 ? undefined : this.faults.splice(index, 1)[0]?.fault;
    if (fault === 'fails') throw new FileStoreError('unavailable', `${operation} failed`);
    const answer = apply(fault);
    if (fault === 'reply-lost') throw new FileStoreError('timeout', `${operation} was not answered`);
    return answer;
  }

  private addTo(operation: 'append' | 'grow', path: string, body: Buffer): Promise<void> {
    return this.perform(operation, path, (fault) => {
      const file = this.existing(path);
      const stored = fault === 'truncates' ? body.subarray(0, body.length / 2) : body;
      file.body = Buffer.concat([file.body, stored]);
    });
  }

  private existing(path: string): MemoryFile {
    const file = this.files.get(path);
    if (!file) throw new FileStoreError('not-found', `${path} does not exist`);
    return file;
  }
}
