import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from '@pipeline/images';
import { parse } from 'yaml';

/** A service of docker/compose.yaml, as far as it confines its container. */
export interface ComposeService {
  readonly command?: readonly string[];
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly stop_grace_period?: string;
}

/** @throws Error when there is no such service. */
export function composeService(name: string): ComposeService {
  const text = readFileSync(join(WORKSPACE, 'docker/compose.yaml'), 'utf8');
  const { services } = parse(text, { merge: true }) as { services: Readonly<Record<string, ComposeService>> };
  const service = services[name];
  if (service === undefined) throw new Error(`docker/compose.yaml has no service ${name}`);
  return service;
}

/** What makes `podman run` confine a container as compose would. */
export function runArguments(service: ComposeService): string[] {
  const { read_only, tmpfs = [], cap_drop = [], security_opt = [], mem_limit, stop_grace_period } = service;
  return [
    ...(read_only === true ? ['--read-only'] : []),
    ...tmpfs.flatMap((path) => ['--tmpfs', path]),
    ...cap_drop.flatMap((capability) => ['--cap-drop', capability]),
    // podman knows this one only without its value.
    ...security_opt.flatMap((option) => [
      '--security-opt',
      option.replace(/^(no-new-privileges):true$/, '$1'),
    ]),
    ...(mem_limit === undefined ? [] : ['--memory', mem_limit]),
    ...(stop_grace_period === undefined ? [] : ['--stop-timeout', stop_grace_period.replace(/s$/, '')]),
  ];
}
