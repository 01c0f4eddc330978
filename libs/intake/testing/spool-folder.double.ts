import { type AppendFile, type ReservedFile, type SpoolFolder } from '../src/spool/spool-folder.ts';

type Step = 'create' | 'append' | 'reserve' | 'overwrite' | 'truncate' | 'remove';

/** A folder in memory that fails on demand, also halfway through an append. */
export class MemorySpoolFolder implements SpoolFolder {
  files = new Map<string, Buffer>();
  inner = new Map<string, MemorySpoolFolder>();
  /** Every change asked for, in order; `failAt` counts them. */
  readonly steps: Step[] = [];
  /** From this step on everything fails, as after a crash or with a broken disk. */
  failAt = Number.POSITIVE_INFINITY;
  /** That many steps fail, then the disk works again. */
  failures = Number.POSITIVE_INFINITY;
  /** Bytes of all files: of what would exceed them a part is written, and it fails. */
  capacity = Number.POSITIVE_INFINITY;
  /** Bytes of the failing append that reach the disk all the same. */
  tornBytes = 0;
  error = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.files.keys()]);
  }

  read(name: string): Promise<Buffer> {
    return Promise.resolve(Buffer.from(this.files.get(name) ?? ''));
  }

  create(name: string): Promise<AppendFile> {
    return this.step('create', () => {
      this.files.set(name, Buffer.alloc(0));
      return { append: (bytes) => this.append(name, bytes), close: () => Promise.resolve() };
    });
  }

  async reserve(name: string, bytes: number): Promise<ReservedFile> {
    const missing = bytes - (this.files.get(name)?.length ?? 0);
    if (missing > 0) await this.step('reserve', () => this.grow(name, Buffer.alloc(missing)));
    return { write: (at, part) => this.overwrite(name, at, part), close: () => Promise.resolve() };
  }

  truncate(name: string, length: number): Promise<void> {
    return this.step('truncate', () => void this.files.set(name, this.files.get(name)!.subarray(0, length)));
  }

  remove(name: string): Promise<void> {
    return this.step('remove', () => void this.files.delete(name));
  }

  folders(): Promise<readonly string[]> {
    return Promise.resolve([...this.inner.keys()]);
  }

  folder(name: string): Promise<MemorySpoolFolder> {
    const folder = this.inner.get(name) ?? new MemorySpoolFolder();
    this.inner.set(name, folder);
    return Promise.resolve(folder);
  }

  /** What the next process finds. */
  afterCrash(): MemorySpoolFolder {
    const folder = new MemorySpoolFolder();
    folder.files = new Map([...this.files].map(([name, bytes]) => [name, Buffer.from(bytes)]));
    folder.inner = new Map([...this.inner].map(([name, inner]) => [name, inner.afterCrash()]));
    return folder;
  }

  private overwrite(name: string, at: number, bytes: Buffer): Promise<void> {
    const write = (part: Buffer) => void part.copy(this.files.get(name)!, at);
    if (this.steps.length === this.failAt) write(bytes.subarray(0, this.tornBytes));
    return this.step('overwrite', () => write(bytes));
  }

  private append(name: string, bytes: Buffer): Promise<void> {
    const isLast = this.steps.length === this.failAt;
    if (isLast) this.grow(name, bytes.subarray(0, this.tornBytes));
    return this.step('append', () => this.grow(name, bytes));
  }

  private grow(name: string, bytes: Buffer): void {
    const used = [...this.files.values()].reduce((sum, { length }) => sum + length, 0);
    const fitting = bytes.subarray(0, Math.max(0, this.capacity - used));
    this.files.set(name, Buffer.concat([this.files.get(name) ?? Buffer.alloc(0), fitting]));
    if (fitting.length < bytes.length) throw this.error;
  }

  private step<T>(step: Step, change: () => T): Promise<T> {
    this.steps.push(step);
    const failed = this.steps.length - this.failAt;
    if (failed > 0 && failed <= this.failures) return Promise.reject(this.error);
    return new Promise((resolve) => resolve(change()));
  }
}
