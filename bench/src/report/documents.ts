import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LEGS } from '../catalogue.ts';
import { type Blocks } from './blocks.ts';
import { briefOf, headlines } from './brief.ts';
import { chartOf, overviewOf } from './charts/leg-charts.ts';
import { type NewestLeg, newestLegs } from './newest-legs.ts';
import { type Report } from './report.ts';

export const WORKSPACE = join(import.meta.dirname, '../../..');
export const RESULTS = join(WORKSPACE, 'bench/results');

/** Documents that hold blocks, from the workspace's root. */
export const DOCUMENTS = ['README.md', 'docs/performance.md'] as const;

/** The newest whole result of each leg, of those that are kept. */
export async function keptLegs(): Promise<NewestLeg[]> {
  const names = (await readdir(RESULTS)).filter((name) => name.endsWith('.json'));
  const texts = await Promise.all(names.map((name) => readFile(join(RESULTS, name), 'utf8')));
  const reports = texts.map((text) => JSON.parse(text) as Report);
  return newestLegs(
    reports,
    LEGS.map(({ name }) => name),
  );
}

/** What the documents say of the results: `summary`, and each leg under its name. */
export function blocksOf(legs: readonly NewestLeg[]): Blocks {
  const blocks = new Map<string, string>();
  for (const { name } of LEGS) blocks.set(name, 'No whole run of this leg is kept.');
  for (const { leg, run } of legs) blocks.set(leg.leg, legBlock({ leg, run }));
  const reports = legs.map(({ leg }) => leg);
  const nothing = 'No whole run is kept: `npm run bench`, then `npm run bench:report`.';
  const summary = [picture('bench/results/plots/overview', 'Throughput'), '', headlines(reports)];
  blocks.set('summary', overviewOf(reports).length === 0 ? nothing : summary.join('\n'));
  blocks.set('machines', legs.length === 0 ? nothing : machinesBlock(legs));
  return blocks;
}

function legBlock({ leg, run }: NewestLeg): string {
  const plot = chartOf(leg).length === 0 ? [] : [picture(`../bench/results/plots/${leg.leg}`, leg.title), ''];
  const origin = `Run of ${run.startedAt.slice(0, 10)}, commit ${run.machine.commit}; [all of its figures](../bench/results/latest.md#${leg.leg}).`;
  return [...plot, ...briefOf(leg), '', origin].join('\n');
}

/** One that follows the reader's theme. */
function picture(path: string, title: string): string {
  return [
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="${path}-dark.svg">`,
    `  <img alt="${title}: bars, medians with least and most" src="${path}.svg">`,
    '</picture>',
  ].join('\n');
}

/** Where the figures come from, without a line twice. */
function machinesBlock(legs: readonly NewestLeg[]): string {
  const lines = legs.map(({ run: { machine, repetitions } }) => {
    const { cpu, cores, memoryGiB, node, servers } = machine;
    return `${cores} cores (${cpu}), ${memoryGiB} GiB, Node ${node}, ${servers}, everything on this one machine; medians of ${repetitions} interleaved runs, [least–most].`;
  });
  return [...new Set(lines)].join('\n');
}
