import { type Manifest } from '../manifests.ts';
import { type Rule } from './rule.ts';
import { type Container, type Labels, matches, ofKind, specOf, workloads } from './workload.ts';

/** A port that is named by a probe, a service or an ingress exists. */
export const portsExist: Rule = (manifests) => [
  ...probesOf(manifests),
  ...servicePorts(manifests),
  ...ingressPorts(manifests),
];

function probesOf(manifests: readonly Manifest[]): string[] {
  return workloads(manifests).flatMap(({ kind, name, pod }) =>
    pod.containers.flatMap((container) =>
      [container.startupProbe, container.livenessProbe, container.readinessProbe]
        .map((probe) => probe?.httpGet?.port ?? probe?.tcpSocket?.port)
        .filter((port) => port !== undefined && !hasPort([container], port))
        .map((port) => `A probe of ${kind} ${name} asks port ${port}, which ${container.name} does not have`),
    ),
  );
}

interface ServiceSpec {
  readonly selector: Labels;
  readonly ports: readonly {
    readonly name?: string;
    readonly port: number;
    readonly targetPort?: string | number;
  }[];
}

function servicePorts(manifests: readonly Manifest[]): string[] {
  const all = workloads(manifests);
  return ofKind(manifests, 'Service').flatMap((service) => {
    const { selector, ports } = specOf<ServiceSpec>(service);
    const containers = all
      .filter(({ labels }) => matches(selector, labels))
      .flatMap(({ pod }) => pod.containers);
    return ports
      .map(({ port, targetPort = port }) => targetPort)
      .filter((port) => !hasPort(containers, port))
      .map((port) => `Service ${service.metadata.name} leads to port ${port}, which its pods do not have`);
  });
}

interface IngressSpec {
  readonly rules: readonly {
    readonly http: { readonly paths: readonly { readonly backend: IngressBackend }[] };
  }[];
}
interface IngressBackend {
  readonly service: { readonly name: string; readonly port: { readonly name: string } };
}

function ingressPorts(manifests: readonly Manifest[]): string[] {
  const services = new Map(
    ofKind(manifests, 'Service').map((service) => [
      service.metadata.name,
      specOf<ServiceSpec>(service).ports.map(({ name }) => name),
    ]),
  );
  return ofKind(manifests, 'Ingress').flatMap((ingress) =>
    specOf<IngressSpec>(ingress)
      .rules.flatMap(({ http }) => http.paths.map(({ backend }) => backend.service))
      .filter(({ name, port }) => services.get(name)?.includes(port.name) !== true)
      .map(
        ({ name, port }) =>
          `Ingress ${ingress.metadata.name} leads to ${name}:${port.name}, which is not there`,
      ),
  );
}

function hasPort(containers: readonly Container[], port: string | number): boolean {
  return containers.some(({ ports = [] }) =>
    ports.some(({ name, containerPort }) => port === name || port === containerPort),
  );
}
