import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bareEnvironment } from '../apps/app-definitions.ts';
import { NO_PROGRESS } from '../jars/jar-cache.ts';
import { allocatePorts } from '../ports/allocate-ports.ts';
import { FreePorts } from '../ports/free-ports.ts';
import { checkPorts, portClaims } from '../ports/port-claims.ts';
import { isPortFree } from '../ports/port-probe.ts';
import { FREE_PORTS } from '../ports/stack-ports.ts';
import { elasticsearchNode } from '../servers/elasticsearch.ts';
import { hdfsNodes } from '../servers/hdfs.ts';
import { kafkaBrokers } from '../servers/kafka.ts';
import { type ServerContext } from '../servers/server-context.ts';
import { StackError } from '../stack-error.ts';
import { LocalStack } from './local-stack.ts';
import { type PartDefinition } from './part-definition.ts';
import { Part, type PartObserver } from './part.ts';
import { prepareRuntime } from './prepare-runtime.ts';
import { SERVER_GROUPS, type ServerGroup, type StackOptions } from './stack-options.ts';
import { StateFolder } from './state-folder.ts';

const NOBODY: PartObserver = { line: () => undefined, crashed: () => undefined };

const STARTS = 3;

/**
 * Starts real servers and resolves when all of them are ready. Nothing is left running when it rejects. A free port
 * that a foreign program took in the meantime costs another start on other ports.
 * @throws StackError with a message for the person at the terminal.
 */
export async function startStack(options: StackOptions = {}): Promise<LocalStack> {
  for (let start = 1; ; start++) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (start === STARTS || options.ports !== undefined || !isPortConflict(error)) throw error;
    }
  }
}

function isPortConflict(error: unknown): boolean {
  return error instanceof StackError && /Address already in use|BindException/.test(error.message);
}

async function startOnce(options: StackOptions): Promise<LocalStack> {
  const stack = await assembleStack(options);
  try {
    await startServers(stack);
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** Starts the servers of an assembled stack, all at once. @throws StackError `part-failed` of the first that fails. */
export async function startServers(stack: LocalStack): Promise<void> {
  await Promise.all(stack.servers.map((server) => server.start()));
}

/** A stack with its ports, its folders and its lock, before anything runs. */
export async function assembleStack(options: StackOptions = {}): Promise<LocalStack> {
  const { brokerCount = 1, servers = SERVER_GROUPS, ports = FREE_PORTS, apps = [] } = options;
  const temporary = options.stateFolder === undefined;
  const root = resolve(options.stateFolder ?? (await mkdtemp(join(tmpdir(), 'pipeline-stack-'))));
  const folder = new StateFolder(root, brokerCount);
  const lock = await folder.lock();
  const freePorts = new FreePorts();
  const onStopped = async () => {
    await freePorts.release();
    await lock.release();
    if (temporary) await rm(root, { recursive: true, force: true });
  };
  try {
    await checkPorts(portClaims(ports, brokerCount, apps), isPortFree);
    const runtime = await prepareRuntime(options.progress ?? NO_PROGRESS);
    const allocated = await allocatePorts(ports, brokerCount, freePorts, options.secureKafka);
    const { hdfsPermissions = false, isShortLived = false, brokerHosts = [], brokerSettings = {} } = options;
    const given = { hdfsPermissions, isShortLived, brokerHosts, brokerSettings };
    const context = { runtime, ports: allocated, stateFolder: folder.state, ...given };
    const observer = { ...NOBODY, ...options.observer };
    return new LocalStack({
      context,
      freePorts,
      servers: definitions(context, servers).map((each) => new Part(each, folder, observer)),
      folder,
      appEnvironment: options.appEnvironment ?? bareEnvironment(),
      spools: options.spools ?? false,
      shipsLogs: options.shipsLogs ?? false,
      observer,
      onStopped,
    });
  } catch (error) {
    await onStopped();
    throw error;
  }
}

function definitions(context: ServerContext, groups: readonly ServerGroup[]): PartDefinition[] {
  const all: Record<ServerGroup, () => PartDefinition[]> = {
    kafka: () => kafkaBrokers(context),
    hdfs: () => hdfsNodes(context),
    elasticsearch: () => [elasticsearchNode(context)],
  };
  return groups.flatMap((group) => all[group]());
}
