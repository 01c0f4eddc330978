import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppendFile, type ReservedFile, type SpoolFolder } from './spool-folder.ts';

/** A folder of the local file system. It must be local: a network file system may confirm what it has not stored. */
export class NodeSpoolFolder implements SpoolFolder {
  constructor(private readonly path: string) {}

  list(): Promise<readonly string[]> {
    return readdir(this.path);
  }

  read(name: string): Promise<Buffer> {
    return readFile(join(this.path, name));
  }

  async create(name: string): Promise<AppendFile> {
    const file = await open(join(this.path, name), 'wx');
    await this.syncNames();
    return new NodeAppendFile(file);
  }

  async reserve(name: string, bytes: number): Promise<ReservedFile> {
    const file = await open(join(this.path, name), constants.O_RDWR | constants.O_CREAT);
    try {
      const { size } = await file.stat();
      // Zeros that are written have a place, those of a longer file would not.
      if (size < bytes) await writeAll(file, Buffer.alloc(bytes - size), size);
      await file.sync();
      await this.syncNames();
    } catch (error) {
      await file.close();
      throw error;
    }
    return new NodeReservedFile(file);
  }

  async truncate(name: string, length: number): Promise<void> {
    await use(await open(join(this.path, name), 'r+'), async (file) => {
      await file.truncate(length);
      await file.sync();
    });
  }

  remove(name: string): Promise<void> {
    return rm(join(this.path, name), { force: true });
  }

  async folders(): Promise<readonly string[]> {
    const entries = await readdir(this.path, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  }

  async folder(name: string): Promise<SpoolFolder> {
    const path = join(this.path, name);
    await mkdir(path, { recursive: true });
    await this.syncNames();
    return new NodeSpoolFolder(path);
  }

  private async syncNames(): Promise<void> {
    await use(await open(this.path, 'r'), (folder) => folder.sync());
  }
}

class NodeAppendFile implements AppendFile {
  constructor(private readonly file: FileHandle) {}

  async append(bytes: Buffer): Promise<void> {
    await this.file.appendFile(bytes);
    await this.file.datasync();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

class NodeReservedFile implements ReservedFile {
  constructor(private readonly file: FileHandle) {}

  async write(at: number, bytes: Buffer): Promise<void> {
    await writeAll(this.file, bytes, at);
    await this.file.datasync();
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** On a disk that is nearly full the first part may be written without an error. */
async function writeAll(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

async function use(file: FileHandle, work: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
