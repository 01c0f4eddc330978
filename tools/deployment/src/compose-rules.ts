import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { COMPOSE_FOLDER, type ComposeFile, type ComposeService } from './compose.ts';
import { isPinned } from './rules/images.ts';
import { settingsOfApps } from './settings-of-apps.ts';

/** What the Compose schema cannot see; returns a sentence for each violation. */
export type ComposeRule = (file: ComposeFile) => string[];

/** Every image has a version. A variable in the tag counts with its default. */
const imagesArePinned: ComposeRule = ({ services }) =>
  each(services, ({ image = '' }) =>
    isPinned(image.replace(/\$\{\w+:-([^}]*)\}/g, '$1')) ? [] : [`runs ${image}, which has no version`],
  );

/** Every variable of an app is one of its settings. */
const settingsExist: ComposeRule = ({ services }) =>
  each(services, ({ build, environment = {} }) => {
    const app = build?.args?.['APP'];
    if (app === undefined) return [];
    const known = settingsOfApps().get(app);
    return Object.keys(environment)
      .filter((name) => known?.has(name) !== true)
      .map((name) => `gets ${name}, which ${app} does not read`);
  });

/** What is waited for is there, and says when it is healthy. */
const waitsEnd: ComposeRule = ({ services }) =>
  each(services, ({ depends_on = {} }) =>
    Object.entries(depends_on)
      .filter(([name, { condition }]) => {
        const other = services[name];
        return other === undefined || (condition === 'service_healthy' && other.healthcheck === undefined);
      })
      .map(([name]) => `waits for ${name}, which is not there or has no health check`),
  );

/** What is mounted is there: a folder of the repository, or a named volume. */
const volumesExist: ComposeRule = ({ services, volumes = {} }) =>
  each(services, ({ volumes: mounts = [] }) =>
    mounts
      .map((mount) => mount.split(':')[0] ?? '')
      .filter(
        (source) => !(source.startsWith('.') ? existsSync(join(COMPOSE_FOLDER, source)) : source in volumes),
      )
      .map((source) => `mounts ${source}, which is not there`),
  );

/** One service out of hand does not take the machine with it. */
const memoryIsLimited: ComposeRule = ({ services }) =>
  each(services, ({ mem_limit, image }) =>
    mem_limit === undefined && image !== undefined ? ['has no memory limit'] : [],
  );

export const COMPOSE_RULES: Readonly<Record<string, ComposeRule>> = {
  imagesArePinned,
  memoryIsLimited,
  settingsExist,
  volumesExist,
  waitsEnd,
};

/** Variables that a file uses without a default: `docker compose up` alone would warn and pass nothing. */
export function variablesWithoutDefault(text: string): string[] {
  return [...text.matchAll(/\$\{(\w+)(:?-[^}]*)?\}/g)]
    .filter(([, , fallback]) => fallback === undefined)
    .map(([whole]) => whole);
}

function each(services: ComposeFile['services'], problems: (service: ComposeService) => string[]): string[] {
  return Object.entries(services).flatMap(([name, service]) =>
    problems(service).map((problem) => `${name} ${problem}`),
  );
}
