import { mkdirSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { registerApi, serverName } from '../cluster/aggregated-api.ts';
import { type Cluster } from '../cluster/cluster.ts';
import { part } from '../cluster/control-plane.ts';

const NAMESPACE = 'keda';
const API = { group: 'external.metrics.k8s.io', version: 'v1beta1' } as const;

/** The kinds of KEDA, which the overlays need to be applied at all. */
export async function installKinds({ kubectl, plane }: Cluster): Promise<void> {
  await kubectl.run(['apply', '--server-side', '-f', plane.programs.crds]);
  await kubectl.run(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=50s']);
}

/**
 * Starts KEDA's operator, which asks the brokers for the lag, and its adapter, from which autoscalers get it. They are
 * the real ones and run as processes, so they reach a broker on loopback. The adapter's own `/metrics` listens on all
 * interfaces: it cannot be told otherwise.
 */
export async function startKeda(cluster: Cluster): Promise<void> {
  const { plane } = cluster;
  const [grpc, health, metrics, api, own] = await claimPorts(cluster);
  const certificates = await writeCertificates(cluster, [serverName({ ...API, port: api })]);
  const config = plane.kubectl.kubeconfig;
  const environment = {
    KUBECONFIG: config,
    WATCH_NAMESPACE: '',
    POD_NAMESPACE: NAMESPACE,
    KEDA_CLUSTER_OBJECT_NAMESPACE: NAMESPACE,
  };
  await plane.kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } }]);
  await cluster.startPart(
    part(plane.programs, 'keda-operator', {
      environment,
      args: [
        ...[`--metrics-service-bind-address=127.0.0.1:${grpc}`, `--cert-dir=${certificates}`],
        ...[`--health-probe-bind-address=127.0.0.1:${health}`, `--metrics-bind-address=127.0.0.1:${metrics}`],
      ],
      isReady: async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).ok,
    }),
  );
  await cluster.startPart(
    part(plane.programs, 'keda-adapter', {
      environment,
      args: [
        ...[`--metrics-service-address=127.0.0.1:${grpc}`, `--cert-dir=${certificates}`, `--port=${own}`],
        ...['--bind-address=127.0.0.1', `--secure-port=${api}`],
        ...[`--tls-cert-file=${certificates}/tls.crt`, `--tls-private-key-file=${certificates}/tls.key`],
        ...[`--lister-kubeconfig=${config}`, `--authentication-kubeconfig=${config}`],
        `--authorization-kubeconfig=${config}`,
      ],
      isReady: (sawLine) => sawLine('Serving securely'),
    }),
  );
  await registerApi(cluster, { ...API, port: api });
}

/** Operator and adapter prove to each other who they are: a folder with names that KEDA expects. */
async function writeCertificates(cluster: Cluster, names: readonly string[]): Promise<string> {
  const folder = join(cluster.folder, 'keda');
  mkdirSync(folder);
  const pair = await cluster.authority.sign('keda', '/CN=keda', ['127.0.0.1', 'localhost', ...names]);
  copyFileSync(cluster.authority.certificate, join(folder, 'ca.crt'));
  copyFileSync(pair.certificate, join(folder, 'tls.crt'));
  copyFileSync(pair.key, join(folder, 'tls.key'));
  return folder;
}

async function claimPorts(cluster: Cluster): Promise<[number, number, number, number, number]> {
  const claim = () => cluster.claimPort();
  return [await claim(), await claim(), await claim(), await claim(), await claim()];
}
