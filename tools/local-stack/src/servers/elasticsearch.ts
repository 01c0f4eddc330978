import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type PartDefinition } from '../stack/part-definition.ts';
import { JAR_ROOTS } from '../jars/server-jars.ts';
import { log4j2Text, propertiesText, yamlText } from './config-text.ts';
import {
  JavaLaunch,
  QUICK_COMPILER,
  type ServerContext,
  SERVER_START_MS,
  SERVER_STOP_MS,
} from './server-context.ts';

const HEAP_MB = 768;
const MODULE = 'transport-netty4';
/** The jars that Elasticsearch wants in the module's folder and not on the class path. */
const MODULE_JAR = /^(netty-|transport-netty4-|elasticsearch-ssl-config-)/;
// Optional native and vector code, which is not on Maven Central.
const QUIET = [
  'org.apache.lucene.internal.vectorization.VectorizationProvider',
  'org.elasticsearch.simdvec.ESVectorizationProvider',
  'org.elasticsearch.nativeaccess.NativeAccess',
];

export function elasticsearchNode(context: ServerContext): PartDefinition {
  const home = join(context.stateFolder, 'elasticsearch');
  const launch = new JavaLaunch(context.runtime, {
    server: 'elasticsearch',
    withoutJars: MODULE_JAR,
    name: 'elasticsearch',
    mainClass: 'ElasticsearchNode',
    heapMb: HEAP_MB,
    options: [...nodeOptions(home), ...(context.isShortLived === true ? [QUICK_COMPILER] : [])],
    args: [home],
  });
  return {
    name: 'elasticsearch',
    startTimeoutMs: SERVER_START_MS,
    stopGraceMs: SERVER_STOP_MS,
    prepare: () => writeHome(context, home),
    launch: () => launch.next(),
    isReady: () => isHealthy(context),
    onStopped: () => launch.keepArchive(),
  };
}

function nodeOptions(home: string): string[] {
  return [
    `-Des.path.home=${home}`,
    `-Des.logs.base_path=${join(home, 'logs')}`,
    '-Des.logs.cluster_name=local',
    '-Des.logs.node_name=local',
    '-Dio.netty.noUnsafe=true',
    '-Dlog4j2.disable.jmx=true',
    '-Dlog4j.shutdownHookEnabled=false',
    `-Djava.io.tmpdir=${join(home, 'tmp')}`,
  ];
}

async function writeHome(context: ServerContext, home: string): Promise<void> {
  for (const folder of ['config', 'tmp', 'logs']) await mkdir(join(home, folder), { recursive: true });
  await writeFile(join(home, 'config', 'elasticsearch.yml'), yamlText(nodeSettings(context, home)));
  await writeFile(join(home, 'config', 'log4j2.properties'), log4j2Text({ quiet: QUIET }));
  await writeModule(context.runtime.jars.elasticsearch, join(home, 'modules', MODULE));
}

async function writeModule(jars: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(jars)) {
    if (MODULE_JAR.test(name)) await symlink(join(jars, name), join(folder, name));
  }
  await writeFile(join(folder, 'plugin-descriptor.properties'), propertiesText(moduleDescriptor(version())));
}

/** The version of the jars; a module has to name the same. */
function version(): string {
  return JAR_ROOTS.elasticsearch[0]?.split(':')[2] ?? '';
}

function moduleDescriptor(version: string) {
  return {
    name: MODULE,
    description: 'HTTP and transport on Netty',
    version,
    'elasticsearch.version': version,
    'java.version': 21,
    classname: 'org.elasticsearch.transport.netty4.Netty4Plugin',
    'extended.plugins': '',
    'has.native.controller': false,
  };
}

/** `elasticsearch.yml`. Everything listens on loopback. */
export function nodeSettings({ ports }: Pick<ServerContext, 'ports'>, home: string) {
  return {
    'cluster.name': 'local',
    'node.name': 'local',
    'path.data': join(home, 'data'),
    'path.logs': join(home, 'logs'),
    'network.host': '127.0.0.1',
    'http.port': ports.elasticsearch,
    'transport.port': ports.elasticsearchTransport,
    'discovery.type': 'single-node',
    // Indices per day come into being with their first document; any other name is a mistake.
    'action.auto_create_index': '+*-*.*.*,-*',
    // A full disk of a developer must not turn indices read-only.
    'cluster.routing.allocation.disk.threshold_enabled': false,
    // Serial collection lets garbage lie until the old space is full. The breaker would count it as memory in use and
    // refuse whatever comes at such a moment; without it, it counts what requests have asked for.
    'indices.breaker.total.use_real_memory': false,
  };
}

async function isHealthy({ ports }: ServerContext): Promise<boolean> {
  const url = `http://127.0.0.1:${ports.elasticsearch}/_cluster/health?wait_for_status=yellow&timeout=1s`;
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  return response.ok;
}
