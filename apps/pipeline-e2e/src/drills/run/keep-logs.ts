import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../../test-results/drills');

/** Keeps the logs of a drill's apps, or of what ran beside it, in `test-results/drills/<name>/`. */
export async function keepLogs(parts: readonly { readonly logFile: string }[], name: string): Promise<void> {
  const target = join(FOLDER, name);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const { logFile } of parts) await cp(logFile, join(target, basename(logFile)));
}
