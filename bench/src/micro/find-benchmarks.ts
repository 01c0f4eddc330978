import { glob } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Benchmark } from './benchmark.ts';

const WORKSPACE = join(import.meta.dirname, '../../..');
/** Built, as the apps run them. */
const FILES = '{libs,apps}/*/dist/**/*.bench.js';

export interface FoundBenchmark extends Benchmark {
  readonly project: string;
  readonly name: string;
}

/** All benchmarks of the workspace that are built, by project and name. @throws when there is none. */
export async function findBenchmarks(): Promise<FoundBenchmark[]> {
  const files: string[] = [];
  for await (const file of glob(FILES, { cwd: WORKSPACE })) files.push(file);
  const found: FoundBenchmark[] = [];
  for (const file of files.sort()) {
    const { benchmarks } = (await import(pathToFileURL(join(WORKSPACE, file)).href)) as {
      benchmarks: Readonly<Record<string, Benchmark>>;
    };
    const project = file.split(sep)[1]!;
    for (const [name, benchmark] of Object.entries(benchmarks)) found.push({ project, name, ...benchmark });
  }
  if (found.length === 0) throw new Error(`there is no ${FILES}: are the projects built?`);
  return found;
}
