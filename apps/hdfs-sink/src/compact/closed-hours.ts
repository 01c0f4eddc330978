import { type FileStore } from '../hdfs/file-store.ts';
import { topicDirectory } from '../chain/file-name.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface ClosedHoursOptions {
  readonly root: string;
  readonly topic: string;
  /** For so long after the end of its hour, and after the last change in it, a folder is left alone. */
  readonly quietMs: number;
  /** Folders of hours before that are not looked at. */
  readonly withinDays: number;
  readonly nowMs: number;
}

/**
 * Folders of a topic in which nothing is going to change, oldest first: their hour is over, and no file came or went
 * for a while. A sink that catches up fills folders of hours long ago; the second condition is for those.
 */
export async function closedHours(store: FileStore, options: ClosedHoursOptions): Promise<string[]> {
  const { quietMs, withinDays, nowMs } = options;
  const root = topicDirectory(options);
  const folders: string[] = [];
  for (const day of await subfolders(store, root, /^dt=(\d{4}-\d\d-\d\d)$/)) {
    const dayMs = Date.parse(`${day.key}T00:00:00Z`);
    if (dayMs < nowMs - withinDays * DAY_MS - DAY_MS) continue;
    for (const { key, path, modifiedMs } of await subfolders(store, day.path, /^hour=(\d\d)$/)) {
      const endMs = dayMs + (Number(key) + 1) * HOUR_MS;
      if (nowMs - Math.max(endMs, modifiedMs) >= quietMs) folders.push(path);
    }
  }
  return folders;
}

async function subfolders(store: FileStore, directory: string, pattern: RegExp) {
  const entries = await store.list(directory);
  return entries
    .flatMap(({ name, kind, modifiedMs }) => {
      const key = kind === 'directory' ? pattern.exec(name)?.[1] : undefined;
      return key === undefined ? [] : [{ key, path: `${directory}/${name}`, modifiedMs }];
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
