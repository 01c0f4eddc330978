import { isPublished, readRows } from './read-rows.ts';
import { type RowStore } from './row-store.ts';
import { type WebHdfsClient } from './web-hdfs-client.ts';

const HOUR_MS = 3_600_000;
const CONCURRENT_FILES = 2;

/** Reads the files below a topic's folder, plain and gzip, as streams. */
export class WebHdfsRowStore implements RowStore {
  constructor(
    private readonly client: WebHdfsClient,
    private readonly folder: string,
    /** Only the hours that hold append times of `[fromMs, toMs)`. */
    private readonly range: { readonly fromMs: number; readonly toMs: number },
  ) {}

  async snapshot(): ReturnType<RowStore['snapshot']> {
    const paths: string[] = [];
    for (const day of await this.folders(this.folder, 'dt=')) {
      for (const hour of await this.folders(day, 'hour=')) {
        if (this.isInRange(hour)) paths.push(...(await this.files(hour)));
      }
    }
    return (onRow) => this.readAll(paths.sort(), onRow);
  }

  private async folders(parent: string, prefix: string): Promise<string[]> {
    const entries = await this.client.list(parent);
    return entries
      .filter(({ type, pathSuffix }) => type === 'DIRECTORY' && pathSuffix.startsWith(prefix))
      .map(({ pathSuffix }) => `${parent}/${pathSuffix}`);
  }

  private async files(folder: string): Promise<string[]> {
    const entries = await this.client.list(folder);
    return entries
      .filter(({ type, pathSuffix }) => type === 'FILE' && isPublished(pathSuffix))
      .map(({ pathSuffix }) => `${folder}/${pathSuffix}`);
  }

  private isInRange(folder: string): boolean {
    const [, day, hour] = /dt=([\d-]+)\/hour=(\d\d)$/.exec(folder) ?? [];
    const startMs = Date.parse(`${day}T${hour}:00:00Z`);
    return Number.isNaN(startMs) || (startMs < this.range.toMs && startMs + HOUR_MS > this.range.fromMs);
  }

  private async readAll(paths: string[], onRow: (row: Buffer, path: string) => void): Promise<void> {
    const readSome = async (): Promise<void> => {
      for (let path = paths.shift(); path !== undefined; path = paths.shift())
        await readRows(this.client, path, onRow);
    };
    await Promise.all(Array.from({ length: CONCURRENT_FILES }, readSome));
  }
}
