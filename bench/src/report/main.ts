import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { withBlocks } from './blocks.ts';
import { barChart, type ChartGroup } from './charts/bar-chart.ts';
import { chartOf, overviewOf } from './charts/leg-charts.ts';
import { THEME_NAMES } from './charts/theme.ts';
import { blocksOf, DOCUMENTS, keptLegs, RESULTS, WORKSPACE } from './documents.ts';
import { markdown } from './markdown.ts';

/**
 * Writes what the kept results say: `results/latest.md`, the charts, and the marked blocks of README and
 * docs/performance.md. No figure in a block is typed by hand.
 */
const legs = await keptLegs();
const reports = legs.map(({ leg }) => leg);
const [newest] = legs.map(({ run }) => run).sort((a, b) => b.startedAt.localeCompare(a.startedAt));

if (newest !== undefined) await writeFile(join(RESULTS, 'latest.md'), markdown({ ...newest, legs: reports }));
await mkdir(join(RESULTS, 'plots'), { recursive: true });
for (const leg of reports) await plot(leg.leg, chartOf(leg));
await plot('overview', overviewOf(reports));
for (const document of DOCUMENTS) {
  const path = join(WORKSPACE, document);
  const text = withBlocks(await readFile(path, 'utf8'), blocksOf(legs));
  await writeFile(path, await format(text, { ...(await resolveConfig(path)), parser: 'markdown' }));
  console.log(`${document} is up to date`);
}

async function plot(name: string, groups: readonly ChartGroup[]): Promise<void> {
  if (groups.length === 0) return;
  for (const theme of THEME_NAMES) {
    const file = `${name}${theme === 'light' ? '' : `-${theme}`}.svg`;
    await writeFile(join(RESULTS, 'plots', file), barChart(groups, theme));
  }
}
