import { join } from 'node:path';

/** Configuration of podman and buildah that keeps all their state in one folder; TOML. */
export function engineFiles(folder: string): Record<'storage.conf' | 'containers.conf', string> {
  return {
    'storage.conf': lines('[storage]', {
      driver: 'overlay',
      graphroot: join(folder, 'graph'),
      runroot: join(folder, 'run'),
    }),
    'containers.conf': [
      // Without limits of their own, containers ask for more than root may have where CAP_SYS_RESOURCE is missing.
      lines('[containers]', {
        default_ulimits: ['nofile=1024:1024', 'nproc=4096:4096'],
        log_driver: 'k8s-file',
      }),
      // Neither systemd nor cgroups of version 2 are needed.
      lines('[engine]', {
        cgroup_manager: 'cgroupfs',
        runtime: 'runc',
        events_logger: 'none',
        tmp_dir: join(folder, 'libpod'),
      }),
    ].join('\n'),
  };
}

function lines(section: string, values: Readonly<Record<string, string | readonly string[]>>): string {
  const entries = Object.entries(values).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  return [section, ...entries, ''].join('\n');
}
