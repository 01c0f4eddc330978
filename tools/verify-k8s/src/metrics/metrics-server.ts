import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { registerApi, serverName } from '../cluster/aggregated-api.ts';
import { type Cluster } from '../cluster/cluster.ts';
import { API_RESOURCES, type MeasuredPod, podMetrics } from './pod-metrics.ts';

const API = { group: 'metrics.k8s.io', version: 'v1beta1' } as const;
const POD_LIST = /^\/apis\/metrics\.k8s\.io\/v1beta1\/namespaces\/([^/]+)\/pods$/;

/** In the place of metrics-server: simulated pods use no processor, so their load is set by the checks. */
export class MetricsServer {
  /** Load by the name of an app, in thousandths of a processor. */
  readonly load = new Map<string, number>();

  private constructor(
    private readonly cluster: Cluster,
    private readonly server: Server,
  ) {}

  static async start(cluster: Cluster): Promise<MetricsServer> {
    const api = { ...API, port: await cluster.claimPort() };
    const { certificate, key } = await cluster.authority.sign('metrics', '/CN=metrics', [serverName(api)]);
    const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) });
    const metrics = new MetricsServer(cluster, server);
    server.on('request', (request, response) => void metrics.serve(request, response));
    await new Promise<void>((resolve) => server.listen(api.port, '127.0.0.1', resolve));
    await registerApi(cluster, api);
    return metrics;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'https://metrics');
    const answer = await this.answer(url).catch(() => undefined);
    const missing = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 404 };
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? missing));
  }

  private async answer({ pathname, searchParams }: URL): Promise<object | undefined> {
    if (pathname === `/apis/${API.group}/${API.version}`) return API_RESOURCES;
    const namespace = POD_LIST.exec(pathname)?.[1];
    if (namespace === undefined) return undefined;
    const selector = searchParams.get('labelSelector') ?? '';
    const { items } = await this.cluster.kubectl.get<{ items: MeasuredPod[] }>(
      ...['pods', '--namespace', namespace, '--selector', selector],
    );
    return podMetrics(items, this.load);
  }
}
