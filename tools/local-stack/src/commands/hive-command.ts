import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadBar } from '../console/download-bar.ts';
import { say } from '../console/terminal.ts';
import { WORKSPACE } from '../project-paths.ts';
import { type HiveResult, runHive } from '../servers/hive.ts';

export interface HiveCommand {
  readonly hdfsUrl: string;
  /** One or more statements; the tables of docs/hive that they name are there. */
  readonly sql: string;
}

/** `npm run hive -- "SELECT …"`: asks a Hive of its own about the HDFS that runs. @returns the exit code. */
export async function hiveCommand({ hdfsUrl, sql }: HiveCommand): Promise<number> {
  const script = `${await tablesNamedIn(sql)}\n${sql};\n`;
  const results = await runHive({ hdfsUrl, script, progress: downloadBar('Hive') });
  say(results.map(resultText).join('\n\n'));
  return 0;
}

/** The DDL of each topic whose table or view a statement names: `select_color` is in `select-color.sql`. */
async function tablesNamedIn(sql: string): Promise<string> {
  const folder = join(WORKSPACE, 'docs', 'hive');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql'));
  const named = files.filter((name) => sql.includes(name.slice(0, -'.sql'.length).replaceAll('-', '_')));
  return (await Promise.all(named.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

function resultText({ columns, rows }: HiveResult): string {
  return [columns, ...rows].map((row) => row.join('\t')).join('\n');
}
