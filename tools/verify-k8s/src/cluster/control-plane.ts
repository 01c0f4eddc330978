import { type PartDefinition } from '@pipeline/local-stack';
import { type ProgramCache } from '../programs/program-cache.ts';
import { type ProgramName } from '../programs/program.ts';
import { type KeyPair } from './certificates.ts';
import { type Kubectl } from './kubectl.ts';

/** Everything that the parts of a control plane have to know of one another. All of it is on loopback. */
export interface ControlPlane {
  readonly programs: ProgramCache;
  readonly kubectl: Kubectl;
  /** Where a part may leave files. */
  readonly folder: string;
  readonly ports: Readonly<Record<PortName, number>>;
  readonly authority: string;
  readonly server: KeyPair;
  /** With it the API server asks the APIs of others, such as metrics. */
  readonly frontProxy: KeyPair;
  readonly tokens: { readonly privateKey: string; readonly publicKey: string };
}

export const PORT_NAMES = ['etcd', 'etcdPeer', 'apiserver', 'controllers', 'scheduler', 'kwok'] as const;
export type PortName = (typeof PORT_NAMES)[number];

const LOOPBACK = '127.0.0.1';

export function etcd({ programs, folder, ports }: ControlPlane): PartDefinition {
  const [client, peer] = [`http://${LOOPBACK}:${ports.etcd}`, `http://${LOOPBACK}:${ports.etcdPeer}`];
  return part(programs, 'etcd', {
    args: [
      ...[`--data-dir=${folder}/etcd`, '--unsafe-no-fsync', '--log-level=warn'],
      ...[`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`],
      ...[
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
      ],
    ],
    isReady: async () => (await fetch(`${client}/health`)).ok,
  });
}

export function apiserver(plane: ControlPlane): PartDefinition {
  const { programs, kubectl, ports, authority, server, frontProxy, tokens } = plane;
  return part(programs, 'kube-apiserver', {
    args: [
      ...[`--bind-address=${LOOPBACK}`, `--secure-port=${ports.apiserver}`],
      ...[`--etcd-servers=http://${LOOPBACK}:${ports.etcd}`, '--authorization-mode=RBAC'],
      ...[`--tls-cert-file=${server.certificate}`, `--tls-private-key-file=${server.key}`],
      ...[`--client-ca-file=${authority}`, `--requestheader-client-ca-file=${authority}`],
      ...['--requestheader-allowed-names=front-proxy', '--requestheader-username-headers=X-Remote-User'],
      ...[
        '--requestheader-group-headers=X-Remote-Group',
        '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      ],
      ...[`--proxy-client-cert-file=${frontProxy.certificate}`, `--proxy-client-key-file=${frontProxy.key}`],
      ...['--service-account-issuer=https://kubernetes.default.svc', '--endpoint-reconciler-type=none'],
      ...[
        `--service-account-key-file=${tokens.publicKey}`,
        `--service-account-signing-key-file=${tokens.privateKey}`,
      ],
      '--service-cluster-ip-range=10.0.0.0/24',
    ],
    isReady: async () => (await kubectl.text('get', '--raw', '/readyz')) === 'ok',
  });
}

/** Autoscalers look every three seconds instead of fifteen, and do not wait for pods that never measure anything. */
export function controllers({ programs, kubectl, ports, tokens }: ControlPlane): PartDefinition {
  return part(programs, 'kube-controller-manager', {
    args: [
      ...[
        `--kubeconfig=${kubectl.kubeconfig}`,
        `--bind-address=${LOOPBACK}`,
        `--secure-port=${ports.controllers}`,
      ],
      ...[`--service-account-private-key-file=${tokens.privateKey}`, '--leader-elect=false'],
      ...[
        '--horizontal-pod-autoscaler-sync-period=3s',
        '--horizontal-pod-autoscaler-initial-readiness-delay=0s',
      ],
    ],
    isReady: async () => (await kubectl.text('get', 'serviceaccount', 'default', '-o', 'name')) !== '',
  });
}

export function scheduler({ programs, kubectl, ports }: ControlPlane): PartDefinition {
  return part(programs, 'kube-scheduler', {
    args: [
      ...[
        `--kubeconfig=${kubectl.kubeconfig}`,
        `--bind-address=${LOOPBACK}`,
        `--secure-port=${ports.scheduler}`,
      ],
      '--leader-elect=false',
    ],
    isReady: (sawLine) => sawLine('Serving securely'),
  });
}

/** Plays the kubelets of all nodes: pods start, become ready, complete when they are of a Job, and end. */
export function kwok({ programs, kubectl, ports }: ControlPlane): PartDefinition {
  const stages = ['node/fast/node-initialize', 'node/heartbeat-with-lease/node-heartbeat-with-lease'];
  const podStages = ['pod-ready', 'pod-complete', 'pod-delete'].map((name) => `pod/fast/${name}`);
  return part(programs, 'kwok', {
    args: [
      ...[...stages, ...podStages].map((stage) => `--config=${programs.stages}/${stage}.yaml`),
      ...[`--kubeconfig=${kubectl.kubeconfig}`, `--server-address=${LOOPBACK}:${ports.kwok}`],
      ...['--manage-all-nodes=false', '--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake'],
      ...['--cidr=10.244.0.1/24', '--node-ip=10.0.0.1', '--node-lease-duration-seconds=40'],
    ],
    isReady: async () => (await fetch(`http://${LOOPBACK}:${ports.kwok}/healthz`)).ok,
  });
}

interface PartFacts extends Pick<PartDefinition, 'isReady'> {
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** One of the built programs as a part. */
export function part(programs: ProgramCache, name: ProgramName, facts: PartFacts): PartDefinition {
  const { args, environment = {}, isReady } = facts;
  return {
    name,
    startTimeoutMs: 120_000,
    stopGraceMs: 10_000,
    launch: () => Promise.resolve({ command: programs.program(name), args, environment }),
    isReady,
  };
}
