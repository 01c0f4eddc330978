import { cp, mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type LocalStack } from '@pipeline/testing';

const FOLDER = join(import.meta.dirname, '../../../test-results/drills');

/** Keeps the logs of a drill's apps in `test-results/drills/<drill>/`. */
export async function keepLogs({ apps }: LocalStack, drill: string): Promise<void> {
  const target = join(FOLDER, drill);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const { logFile } of apps) await cp(logFile, join(target, basename(logFile)));
}
