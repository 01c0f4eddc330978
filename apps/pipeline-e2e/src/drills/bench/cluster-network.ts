import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type BrokerHost } from '@pipeline/local-stack';

const run = promisify(execFile);

/** Names every namespace, with the process that made it, so that a later run can remove what a killed one left. */
const PREFIX = 'pipeline-drill-';
const SUBNET = '10.77.0';
const HUB_ADDRESS = `${SUBNET}.10/24`;

/** A switch, and a host for each broker on it. */
export interface ClusterNetwork {
  /** The namespace with the switch: the place of clients. Its loopback is its own. */
  readonly hub: string;
  readonly hosts: readonly BrokerHost[];
  remove(): Promise<void>;
}

/** @throws AssertionError where this user may not make namespaces. */
export async function makeClusterNetwork(brokers: number): Promise<ClusterNetwork> {
  assert.ok(
    process.platform === 'linux' && process.getuid?.() === 0,
    'needs Linux and root, to give each broker a network namespace',
  );
  await removeLeftNamespaces();
  const nameOf = (part: string | number) => `${PREFIX}${process.pid}-${part}`;
  const hub = nameOf('hub');
  const hosts = Array.from({ length: brokers }, (_, index) => ({
    namespace: nameOf(index + 1),
    address: `${SUBNET}.${index + 1}`,
  }));
  const remove = async () => {
    for (const name of [hub, ...hosts.map(({ namespace }) => namespace)]) await removeNamespace(name);
  };
  try {
    await makeHub(hub);
    for (const [index, host] of hosts.entries()) await addHost(hub, host, portOf(index + 1));
  } catch (error) {
    await remove();
    throw error;
  }
  return { hub, hosts, remove };
}

/** Ends all traffic from and to a broker, without a word to either side. For a process in the hub. */
export async function cutOff(broker: number): Promise<void> {
  await ip('link', 'set', portOf(broker), 'down');
}

/** Lets the traffic of a broker that was cut off pass again. */
export async function reconnect(broker: number): Promise<void> {
  await ip('link', 'set', portOf(broker), 'up');
}

async function makeHub(hub: string): Promise<void> {
  await ip('netns', 'add', hub);
  await ip('-n', hub, 'link', 'set', 'lo', 'up');
  await ip('-n', hub, 'link', 'add', 'switch', 'type', 'bridge');
  await ip('-n', hub, 'addr', 'add', HUB_ADDRESS, 'dev', 'switch');
  await ip('-n', hub, 'link', 'set', 'switch', 'up');
}

async function addHost(hub: string, { namespace, address }: BrokerHost, port: string): Promise<void> {
  await ip('netns', 'add', namespace);
  await ip('-n', namespace, 'link', 'set', 'lo', 'up');
  await ip('link', 'add', 'eth0', 'netns', namespace, 'type', 'veth', 'peer', 'name', port, 'netns', hub);
  await ip('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
  await ip('-n', namespace, 'link', 'set', 'eth0', 'up');
  await ip('-n', hub, 'link', 'set', port, 'master', 'switch');
  await ip('-n', hub, 'link', 'set', port, 'up');
}

/** The switch's end of the cable of a broker, which counts from 1. */
function portOf(broker: number): string {
  return `port-${broker}`;
}

async function removeLeftNamespaces(): Promise<void> {
  const { stdout } = await ip('netns', 'list');
  for (const line of stdout.split('\n')) {
    const [, name, pid] = /^(pipeline-drill-(\d+)-\w+)/.exec(line) ?? [];
    if (name !== undefined && !isRunning(Number(pid))) await removeNamespace(name);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Its interfaces go with the last process in it. */
async function removeNamespace(name: string): Promise<void> {
  await ip('netns', 'del', name).catch(() => undefined);
}

function ip(...args: string[]): Promise<{ readonly stdout: string }> {
  return run('ip', args);
}
