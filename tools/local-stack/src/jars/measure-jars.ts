import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

export interface MeasuredJar {
  readonly bytes: number;
  readonly sha256?: string;
}

/** Sizes of the jars in a folder by file name; a folder that is absent holds none. */
export async function measureSizes(folder: string): Promise<Map<string, MeasuredJar>> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(
    names.map(async (name) => [name, { bytes: (await stat(join(folder, name))).size }] as const),
  );
  return new Map(sizes);
}

/** Sizes and checksums of the jars in a folder by file name. */
export async function measureContents(
  folder: string,
): Promise<Map<string, MeasuredJar & { sha256: string }>> {
  const measured = new Map<string, MeasuredJar & { sha256: string }>();
  for (const [name, { bytes }] of await measureSizes(folder))
    measured.set(name, { bytes, sha256: await sha256Of(join(folder, name)) });
  return measured;
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
