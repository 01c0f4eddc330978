import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { WORKSPACE } from './workspace.ts';

/** The folder that paths in compose files start from. */
export const COMPOSE_FOLDER = join(WORKSPACE, 'docker');

export interface ComposeService {
  readonly image?: string;
  readonly build?: { readonly target?: string; readonly args?: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly mem_limit?: string;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly stop_grace_period?: string;
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes?: Readonly<Record<string, object>>;
}

export const LAYERS = ['compose.three-brokers.yaml', 'compose.observability.yaml'] as const;
const BASE = 'compose.yaml';

export function composeText(file: string): string {
  return readFileSync(join(COMPOSE_FOLDER, file), 'utf8');
}

export function readCompose(file: string): ComposeFile {
  return parse(composeText(file), { merge: true }) as ComposeFile;
}

/** What docker makes of `-f compose.yaml -f <layer> …`, as far as the rules look: maps are merged, the rest replaced. */
export function withLayers(layers: readonly string[]): ComposeFile {
  return layers.map(readCompose).reduce(overlaid, readCompose(BASE));
}

function overlaid(base: ComposeFile, over: ComposeFile): ComposeFile {
  const names = new Set([...Object.keys(base.services), ...Object.keys(over.services)]);
  const services = [...names].map(
    (name) => [name, merged(base.services[name], over.services[name])] as const,
  );
  return { services: Object.fromEntries(services), volumes: { ...base.volumes, ...over.volumes } };
}

function merged(base: ComposeService = {}, over: ComposeService = {}): ComposeService {
  return {
    ...base,
    ...over,
    environment: { ...base.environment, ...over.environment },
    depends_on: { ...base.depends_on, ...over.depends_on },
  };
}
