import { CodedError } from '@pipeline/event-schema';

/** A file that only grows. */
export interface AppendFile {
  /** The bytes are on disk when it resolves. After a rejection any part of them may be. */
  append(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** A file whose bytes have their place on disk. */
export interface ReservedFile {
  /** Overwrites; on disk when it resolves. After a rejection any part of them may be. */
  write(at: number, bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

/** The folder of one spool, used by one process. Every method rejects with the error of the file system. */
export interface SpoolFolder {
  /** Names of all files. */
  list(): Promise<readonly string[]>;
  read(name: string): Promise<Buffer>;
  /** A new file; its name is on disk when it resolves. */
  create(name: string): Promise<AppendFile>;
  /** A file of this size at least, the old one or a new one; that writing into it needs no room holds when it resolves. */
  reserve(name: string, bytes: number): Promise<ReservedFile>;
  /** Cuts a file; on disk when it resolves. */
  truncate(name: string, length: number): Promise<void>;
  remove(name: string): Promise<void>;
  /** Names of the folders in it. */
  folders(): Promise<readonly string[]>;
  /** A folder in it, made where it is absent; its name is on disk when it resolves. */
  folder(name: string): Promise<SpoolFolder>;
}

export type SpoolErrorCode =
  'spool-full' | 'spool-unwritable' | 'spool-in-use' | 'spool-damaged' | 'spool-too-large';

/** What is wrong with the spool. */
export class SpoolError extends CodedError<SpoolErrorCode> {}
