import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DownloadProgress, NO_PROGRESS } from '../jars/jar-cache.ts';
import { prepareRuntime } from '../stack/prepare-runtime.ts';
import { hadoopText, log4j2Text } from './config-text.ts';
import { parseHiveOutput } from './hive-output.ts';
import { runJava } from './server-context.ts';

/** Rows of one statement, every value as Hive prints it. */
export interface HiveResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface HiveRun {
  /** Of the NameNode's RPC. */
  readonly hdfsUrl: string;
  /** Statements, each ended by `;` at the end of a line. */
  readonly script: string;
  readonly progress?: DownloadProgress;
}

/** Hive 4.0.1 and Hadoop look into these; the JVM forbids it otherwise. */
const OPENED_PACKAGES = [
  'lang',
  'lang.reflect',
  'util',
  'util.concurrent',
  'util.concurrent.atomic',
  'io',
  'net',
  'nio',
  'time',
];

/**
 * Runs statements with a Hive of its own: metastore in memory, jobs inside its JVM, nothing left behind.
 * @throws StackError `part-failed` with what Hive said.
 */
export async function runHive({ hdfsUrl, script, progress = NO_PROGRESS }: HiveRun): Promise<HiveResult[]> {
  const runtime = await prepareRuntime(progress, ['hive']);
  const folder = await mkdtemp(join(tmpdir(), 'pipeline-hive-'));
  try {
    await mkdir(join(folder, 'tmp'));
    await writeFile(join(folder, 'hive-site.xml'), hadoopText(hiveSettings(hdfsUrl, folder)));
    await writeFile(
      join(folder, 'log4j2.properties'),
      log4j2Text({ quiet: [], level: 'error', target: 'SYSTEM_ERR' }),
    );
    await writeFile(join(folder, 'script.sql'), script);
    const output = await runJava(
      { runtime },
      {
        server: 'hive',
        name: 'hive',
        mainClass: 'HiveScript',
        args: [folder, join(folder, 'script.sql')],
        heapMb: 512,
        options: [
          '-XX:TieredStopAtLevel=1',
          // Else a machine without a locale prints question marks.
          '-Dstdout.encoding=UTF-8',
          ...OPENED_PACKAGES.map((name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`),
          `-Dlog4j2.configurationFile=${join(folder, 'log4j2.properties')}`,
          `-Djava.io.tmpdir=${join(folder, 'tmp')}`,
          `-Dderby.system.home=${folder}`,
        ],
      },
    );
    return parseHiveOutput(output);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function hiveSettings(hdfsUrl: string, folder: string) {
  const local = (name: string) => `file://${join(folder, name)}`;
  return {
    'fs.defaultFS': hdfsUrl,
    'javax.jdo.option.ConnectionURL': 'jdbc:derby:memory:metastore;create=true',
    'javax.jdo.option.ConnectionDriverName': 'org.apache.derby.jdbc.EmbeddedDriver',
    'datanucleus.schema.autoCreateAll': true,
    'hive.metastore.schema.verification': false,
    'hive.metastore.warehouse.dir': local('warehouse'),
    'hive.metastore.warehouse.external.dir': local('warehouse-external'),
    'hive.exec.scratchdir': local('scratch'),
    'hive.exec.local.scratchdir': join(folder, 'local-scratch'),
    'hive.downloaded.resources.dir': join(folder, 'resources'),
    'hive.querylog.location': join(folder, 'query-log'),
    'hive.execution.engine': 'mr',
    'mapreduce.framework.name': 'local',
    'mapreduce.jobtracker.staging.root.dir': local('jobs'),
    'hive.session.silent': true,
    // A small query is answered without a job.
    'hive.fetch.task.conversion': 'more',
    // Nothing is written but what a statement asks for.
    'hive.stats.autogather': false,
    'hive.stats.fetch.column.stats': false,
    'hive.compute.query.using.stats': false,
    'hive.query.results.cache.enabled': false,
  };
}
