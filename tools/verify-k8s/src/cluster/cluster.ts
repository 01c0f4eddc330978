import { FreePorts, Part, type PartDefinition } from '@pipeline/local-stack';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProgramCache } from '../programs/program-cache.ts';
import { Authority, writeSigningKey } from './certificates.ts';
import {
  apiserver,
  type ControlPlane,
  controllers,
  etcd,
  kwok,
  PORT_NAMES,
  type PortName,
  scheduler,
} from './control-plane.ts';
import { kubeconfig } from './kubeconfig.ts';
import { Kubectl } from './kubectl.ts';
import { simulatedNodes } from './nodes.ts';

/** A real control plane on loopback, whose nodes are simulated. Its state is gone when it has stopped. */
export class Cluster {
  private readonly parts: Part[] = [];

  private constructor(
    readonly plane: ControlPlane,
    readonly authority: Authority,
    /** Where its files and logs are. */
    readonly folder: string,
    private readonly ports: FreePorts,
  ) {}

  get kubectl(): Kubectl {
    return this.plane.kubectl;
  }

  /** Resolves when its nodes are ready; leaves nothing behind when it rejects. */
  static async start(programs: ProgramCache): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'verify-k8s-'));
    const ports = new FreePorts();
    const authority = await Authority.create(folder);
    const cluster = new Cluster(await prepare(programs, folder, ports, authority), authority, folder, ports);
    try {
      await cluster.startParts();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** Starts another program beside the control plane, which ends with it. @throws StackError when it is not ready. */
  async startPart(definition: PartDefinition): Promise<void> {
    const files = (suffix: string) => (name: string) => join(this.folder, `${name}.${suffix}`);
    const observer = { line: () => undefined, crashed: () => undefined };
    const part = new Part(definition, { logFile: files('log'), pidFile: files('pid') }, observer);
    this.parts.push(part);
    await part.start();
  }

  claimPort(): Promise<number> {
    return this.ports.claim();
  }

  /** Stops all parts, the last one first, each by its own process id. */
  async stop(): Promise<void> {
    for (const part of this.parts.splice(0).reverse()) await part.stop();
    await this.ports.release();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async startParts(): Promise<void> {
    for (const definition of [etcd, apiserver, controllers, scheduler, kwok]) {
      await this.startPart(definition(this.plane));
    }
    await this.kubectl.apply(simulatedNodes());
    await this.kubectl.run(['wait', '--for=condition=Ready', 'node', '--all', '--timeout=50s']);
  }
}

async function prepare(
  programs: ProgramCache,
  folder: string,
  freePorts: FreePorts,
  authority: Authority,
): Promise<ControlPlane> {
  const claimed: [PortName, number][] = [];
  for (const name of PORT_NAMES) claimed.push([name, await freePorts.claim()]);
  const ports = Object.fromEntries(claimed) as Record<PortName, number>;
  const admin = await authority.sign('admin', '/O=system:masters/CN=admin');
  const config = join(folder, 'kubeconfig');
  writeFileSync(config, kubeconfig(`https://127.0.0.1:${ports.apiserver}`, authority.certificate, admin));
  mkdirSync(join(folder, 'etcd'), { mode: 0o700 });
  return {
    programs,
    folder,
    ports,
    kubectl: new Kubectl(programs.program('kubectl'), config),
    authority: authority.certificate,
    server: await authority.sign('apiserver', '/CN=kube-apiserver', ['127.0.0.1', 'localhost']),
    frontProxy: await authority.sign('front-proxy', '/CN=front-proxy'),
    tokens: writeSigningKey(folder),
  };
}
