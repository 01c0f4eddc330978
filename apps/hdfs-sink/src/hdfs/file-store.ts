import { type FileAttributes } from './file-attributes.ts';

/** Whether this rename put its file at the name, or another file has it already. */
export type PublishOutcome = 'published' | 'already-exists';

/** A file as it lies in the store; `attributes` is missing when none, or no valid ones, were ever set. */
export interface StoredFile {
  readonly attributes: FileAttributes | undefined;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
  /** Length of a file. */
  readonly bytes: number;
  /** By the store's clock, milliseconds since the epoch. Of a directory: when an entry of it last came or went. */
  readonly modifiedMs: number;
}

/**
 * Immutable files in directories. Paths are absolute. Every method ends within the adapter's time-outs and throws
 * `FileStoreError`; after an error the operation may still have been applied, now or later, unless a method says
 * otherwise.
 */
export interface FileStore {
  /**
   * Writes a file at a path that nobody else uses; missing directories are made. Resolves when the store has
   * acknowledged the whole body. An error may leave a part of it that looks like a complete file.
   */
  writeNew(path: string, body: Buffer): Promise<void>;

  /**
   * Adds to the end of a file that nobody else uses. Resolves when the store has acknowledged the whole body. Never to be
   * repeated: after an error the file may hold any part of the body, so it is given up.
   */
  append(path: string, body: Buffer): Promise<void>;

  /**
   * The same for a file that takes many bodies, one after the other: resolves when the body has left memory. Only `seal`
   * proves that it arrived, and an error of it may come with the next body.
   */
  grow(path: string, body: Buffer): Promise<void>;

  /**
   * Proves that the file at `path` is `length` bytes long, then attaches the attributes. Only a sealed file is published.
   * @throws FileStoreError `truncated` when the length differs.
   */
  seal(path: string, length: number, attributes: FileAttributes): Promise<void>;

  /**
   * Compare-and-set: moves `from` to `to` with its attributes, if and only if nothing is there; makes missing
   * directories. Of any number of concurrent calls with one `to`, exactly one takes effect.
   */
  publish(from: string, to: string): Promise<PublishOutcome>;

  /** The file at `path`, as of a moment during the call; nothing when no file is there. */
  describe(path: string): Promise<StoredFile | undefined>;

  /** The entries of a directory; none when it does not exist. */
  list(directory: string): Promise<DirectoryEntry[]>;

  /** Removes a file; a missing one is fine. */
  remove(path: string): Promise<void>;
}

/** What compaction does beside: the only operations that change published files. */
export interface JoiningFileStore extends FileStore {
  /** Replaces the attributes of a file. */
  relabel(path: string, attributes: FileAttributes): Promise<void>;

  /**
   * Moves the content of `sources`, none of them empty, to the end of `target` in their order, and removes them: one
   * atomic step, all in one directory.
   * @throws FileStoreError `not-found` when one is missing, `unsupported` when the store never joins these; both: not applied.
   */
  join(target: string, sources: readonly string[]): Promise<void>;

  /** Puts the file `from`, with its attributes, in the place of `to`: one atomic step. */
  replace(from: string, to: string): Promise<void>;

  /** The content of a file, from its beginning. */
  read(path: string): AsyncIterable<Buffer>;
}

/** Injection token of the app's {@link FileStore}. */
export const FILE_STORE = Symbol('file-store');
