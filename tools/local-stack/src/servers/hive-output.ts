import { type HiveResult } from './hive.ts';

/** Reads what `HiveScript` prints: a line `#` with the columns opens each result, its rows follow. */
export function parseHiveOutput(output: string): HiveResult[] {
  const results: { columns: string[]; rows: string[][] }[] = [];
  for (const line of output.split('\n').filter((each) => each !== '')) {
    const [mark, ...columns] = line.split('\t');
    if (mark === '#') results.push({ columns, rows: [] });
    else results.at(-1)?.rows.push(line.split('\t'));
  }
  return results;
}
