import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type PartDefinition } from '../stack/part-definition.ts';
import { hdfsFiles, writeHdfsSettings } from './hdfs-settings.ts';
import {
  JavaLaunch,
  QUICK_COMPILER,
  runJava,
  type ServerContext,
  SERVER_START_MS,
  SERVER_STOP_MS,
} from './server-context.ts';

const HEAP_MB = 192;
const NAME_NODE = 'org.apache.hadoop.hdfs.server.namenode.NameNode';
const DATA_NODE = 'org.apache.hadoop.hdfs.server.datanode.DataNode';
/** NameNode and DataNode. WebHDFS is the NameNode's HTTP port. */
export function hdfsNodes(context: ServerContext): PartDefinition[] {
  return [nameNode(context), dataNode(context)];
}

function nameNode(context: ServerContext): PartDefinition {
  const files = hdfsFiles(context);
  const program = { server: 'hdfs', name: 'namenode', mainClass: NAME_NODE, heapMb: HEAP_MB } as const;
  const options = programOptions(files.logging, files.temporary);
  const launch = new JavaLaunch(context.runtime, { ...program, options, args: ['-conf', files.site] });
  return {
    name: 'namenode',
    startTimeoutMs: SERVER_START_MS,
    stopGraceMs: SERVER_STOP_MS,
    async prepare() {
      await writeHdfsSettings(context);
      if (existsSync(join(files.names, 'current', 'VERSION'))) return;
      // An interrupted format leaves folders that would belong to another cluster.
      for (const folder of [files.names, files.blocks]) await rm(folder, { recursive: true, force: true });
      const args = ['-conf', files.site, '-format', '-nonInteractive'];
      await runJava(context, { ...program, options, args });
    },
    launch: () => launch.next(),
    isReady: (sawLine) => sawLine('NameNode RPC up at'),
    onStopped: () => launch.keepArchive(),
  };
}

function dataNode(context: ServerContext): PartDefinition {
  const files = hdfsFiles(context);
  const launch = new JavaLaunch(context.runtime, {
    server: 'hdfs',
    name: 'datanode',
    mainClass: DATA_NODE,
    heapMb: HEAP_MB,
    options: programOptions(files.logging, files.temporary),
    args: ['-conf', files.site],
  });
  return {
    name: 'datanode',
    startTimeoutMs: SERVER_START_MS,
    stopGraceMs: SERVER_STOP_MS,
    prepare: () => writeHdfsSettings(context),
    launch: () => launch.next(),
    // A DataNode that comes back still counts as alive from its former run: its own report is the proof.
    isReady: async (sawLine) => sawLine('Successfully sent block report') && (await isWritable(context)),
    onStopped: () => launch.keepArchive(),
  };
}

/** Whether there is a DataNode and the NameNode is out of safe mode. */
async function isWritable({ ports }: ServerContext): Promise<boolean> {
  const url = `http://127.0.0.1:${ports.webHdfs}/jmx?qry=Hadoop:service=NameNode,name=FSNamesystemState`;
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  const { beans } = (await response.json()) as { beans: { FSState: string; NumLiveDataNodes: number }[] };
  const [state] = beans;
  return state?.FSState === 'Operational' && state.NumLiveDataNodes > 0;
}

/**
 * Runs a Hadoop client program on the cluster, such as `org.apache.hadoop.fs.FsShell`, to its end.
 * @returns what it printed on standard output. @throws StackError `part-failed` when it fails.
 */
export async function runHadoop(
  context: ServerContext,
  mainClass: string,
  args: readonly string[],
): Promise<string> {
  const files = hdfsFiles(context);
  const options = programOptions(files.clientLogging, files.temporary);
  const program = { server: 'hdfs', name: 'hadoop-client', heapMb: HEAP_MB } as const;
  return runJava(context, { ...program, mainClass, options, args: ['-conf', files.site, ...args] });
}

function programOptions(logging: string, temporary: string): string[] {
  // These heaps never need the second compiler, and the first one starts faster.
  return [QUICK_COMPILER, `-Dlog4j.configuration=file:${logging}`, `-Djava.io.tmpdir=${temporary}`];
}
