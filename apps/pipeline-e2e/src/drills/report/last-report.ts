import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type DrillResult } from '../run/drill-result.ts';
import { type Report } from './markdown-report.ts';

const PATH = join(import.meta.dirname, '../../../test-results/drills.json');

/** The results of the last run; none when there was none. */
export async function lastResults(): Promise<readonly DrillResult[]> {
  try {
    return (JSON.parse(await readFile(PATH, 'utf8')) as Report).results;
  } catch {
    return [];
  }
}

export async function keepReport(report: Report): Promise<void> {
  await mkdir(dirname(PATH), { recursive: true });
  await writeFile(PATH, `${JSON.stringify(report, undefined, 2)}\n`);
}
