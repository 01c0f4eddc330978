import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuardedProcess, prepareRuntime } from '@pipeline/local-stack';
import { makeClusterNetwork } from '../bench/cluster-network.ts';
import { type Drill } from '../drill.ts';
import { type DrillResult } from './drill-result.ts';
import { type RunOptions } from './run-drill.ts';

const MAIN = join(import.meta.dirname, '../apart.main.js');
const LAST_LINES = 12;

/** What the process in the hub is told, as JSON. */
export interface ApartRun extends RunOptions {
  readonly drill: string;
  readonly hosts: Awaited<ReturnType<typeof makeClusterNetwork>>['hosts'];
  /** Where it leaves its result, as JSON. */
  readonly resultFile: string;
}

/**
 * Runs a drill whose brokers live in network namespaces in a separate process, in the namespace that all of them are
 * connected to. Never rejects.
 */
export async function runApart(drill: Drill, options: RunOptions): Promise<DrillResult> {
  const startedAt = new Date();
  const lines: string[] = [];
  try {
    // There is no way out of the namespaces: jars are fetched before.
    await prepareRuntime();
    return await inNetwork(drill, options, (line) => void lines.push(line));
  } catch (error) {
    return {
      name: drill.name,
      title: drill.title,
      seed: options.seed,
      startedAt: startedAt.toISOString(),
      durationMs: Date.now() - startedAt.getTime(),
      loadAverage: Math.round((loadavg()[0] ?? 0) * 10) / 10,
      acknowledged: 0,
      records: 0,
      lost: 0,
      double: 0,
      deadLetters: 0,
      longestPauseMs: {},
      notes: [],
      failures: [(error as Error).message, ...lines.slice(-LAST_LINES)],
    };
  }
}

async function inNetwork(
  drill: Drill,
  options: RunOptions,
  onLine: (line: string) => void,
): Promise<DrillResult> {
  const network = await makeClusterNetwork(drill.brokers ?? 1);
  const folder = await mkdtemp(join(tmpdir(), 'drill-apart-'));
  try {
    const resultFile = join(folder, 'result.json');
    const run: ApartRun = { ...options, drill: drill.name, hosts: network.hosts, resultFile };
    const args = ['netns', 'exec', network.hub, process.execPath, MAIN, JSON.stringify(run)];
    await new GuardedProcess({ command: 'ip', args, onLine }).exited;
    return JSON.parse(await readFile(resultFile, 'utf8')) as DrillResult;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await network.remove();
  }
}
