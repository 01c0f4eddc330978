import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hadoopText, log4j1Text } from './config-text.ts';
import { type ServerContext } from './server-context.ts';

// Warnings of a single-machine cluster: no native library, no signature secret, one storage folder, no CSRF filter.
const QUIET = [
  'org.apache.hadoop.util.NativeCodeLoader',
  'org.apache.hadoop.security.authentication.server.AuthenticationFilter',
  'org.apache.hadoop.hdfs.server.namenode.FSNamesystem',
  'org.apache.hadoop.hdfs.server.blockmanagement.DatanodeManager',
  'org.apache.hadoop.hdfs.server.datanode.web.DatanodeHttpServer',
  'org.apache.hadoop.hdfs.server.datanode.DirectoryScanner',
  'org.apache.hadoop.hdfs.server.datanode.fsdataset.impl.FsDatasetImpl',
  // One line per HTTP request.
  'http.requests',
];

interface HdfsFiles {
  readonly names: string;
  readonly blocks: string;
  readonly temporary: string;
  readonly site: string;
  readonly logging: string;
  readonly clientLogging: string;
}

/** The files of HDFS in a state folder; `site` is what its clients want as `-conf`. */
export function hdfsFiles({ stateFolder }: Pick<ServerContext, 'stateFolder'>): HdfsFiles {
  const folder = join(stateFolder, 'hdfs');
  return {
    names: join(folder, 'names'),
    blocks: join(folder, 'blocks'),
    temporary: join(folder, 'tmp'),
    site: join(folder, 'hdfs-site.xml'),
    logging: join(folder, 'log4j.properties'),
    clientLogging: join(folder, 'log4j-client.properties'),
  };
}

/** Writes what the daemons and their clients read. */
export async function writeHdfsSettings(context: ServerContext): Promise<void> {
  const files = hdfsFiles(context);
  await mkdir(files.temporary, { recursive: true });
  await writeFile(files.site, hadoopText(hdfsSettings(context)));
  await writeFile(files.logging, log4j1Text({ quiet: QUIET, target: 'System.out' }));
  // What a client prints is its answer: its log must not be in it.
  await writeFile(files.clientLogging, log4j1Text({ quiet: QUIET, target: 'System.err' }));
}

/** Settings of both nodes and of their clients. Everything listens on loopback. */
export function hdfsSettings({
  ports,
  stateFolder,
  hdfsPermissions = false,
}: Pick<ServerContext, 'ports' | 'stateFolder' | 'hdfsPermissions'>) {
  const files = hdfsFiles({ stateFolder });
  return {
    'fs.defaultFS': `hdfs://127.0.0.1:${ports.hdfs}`,
    'hadoop.tmp.dir': files.temporary,
    'dfs.namenode.name.dir': `file://${files.names}`,
    'dfs.datanode.data.dir': `file://${files.blocks}`,
    'dfs.replication': 1,
    'dfs.permissions.enabled': hdfsPermissions,
    'dfs.namenode.http-address': `127.0.0.1:${ports.webHdfs}`,
    'dfs.namenode.rpc-bind-host': '127.0.0.1',
    'dfs.datanode.hostname': '127.0.0.1',
    'dfs.datanode.address': `127.0.0.1:${ports.dataNode.transfer}`,
    'dfs.datanode.http.address': `127.0.0.1:${ports.dataNode.http}`,
    'dfs.datanode.ipc.address': `127.0.0.1:${ports.dataNode.ipc}`,
    // The client inside the DataNode waits this long before it asks again whether a file is complete: 400 ms by default.
    'dfs.client.block.write.locateFollowingBlock.initial.delay.ms': 10,
    // A restart with data is writable as soon as the blocks are reported, not 30 s later.
    'dfs.namenode.safemode.extension': 0,
    // A dead DataNode is noticed after 20 s instead of ten minutes.
    'dfs.heartbeat.interval': 1,
    'dfs.namenode.heartbeat.recheck-interval': 5_000,
    'dfs.namenode.stale.datanode.interval': 10_000,
    'dfs.namenode.redundancy.interval.seconds': 1,
  };
}
