import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineSettings, type Setting, type Settings } from '@pipeline/config';
import { WORKSPACE } from '../workspace.ts';

type Shape = Readonly<Record<string, Setting<unknown>>>;

/** All settings of one app or tool. */
export interface ProgramSettings {
  /** Folder name, such as `es-sink`. */
  readonly program: string;
  /** Name in the code → setting. */
  readonly shape: Shape;
  readonly settings: Settings<Shape>;
}

/** Variables of the machine that a tool reads, too. They are not ours to set, so `.env.example` leaves them out. */
const OF_THE_MACHINE = ['PATH', 'JAVA_HOME', 'XDG_CACHE_HOME'];

/**
 * Loads every `<thing>.config.ts` of apps and tools and takes what it declares, be it settings or a bare shape of
 * them. The files are found, not imported by name: no project may depend on an app, and a new app must not be forgotten.
 */
export async function settingsOfWorkspace(): Promise<ProgramSettings[]> {
  const found: ProgramSettings[] = [];
  for (const { program, path } of configFiles()) {
    const exports = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
    for (const settings of Object.values(exports).flatMap(settingsIn)) {
      const ours = Object.entries(settings.shape).filter(([, { key }]) => !OF_THE_MACHINE.includes(key));
      found.push({ program, shape: Object.fromEntries(ours), settings });
    }
  }
  return found;
}

function configFiles() {
  return ['apps', 'tools'].flatMap((kind) =>
    readdirSync(join(WORKSPACE, kind)).flatMap((program) =>
      readdirSync(join(WORKSPACE, kind, program, 'src'))
        .filter((name) => name.endsWith('.config.ts'))
        .map((name) => ({ program, path: join(WORKSPACE, kind, program, 'src', name) })),
    ),
  );
}

function settingsIn(exported: unknown): Settings<Shape>[] {
  if (typeof exported !== 'object' || exported === null) return [];
  if ('shape' in exported && 'load' in exported) return [exported as Settings<Shape>];
  return isShape(exported) ? [defineSettings(exported)] : [];
}

function isShape(exported: object): exported is Shape {
  return Object.values(exported).every(
    (value: unknown) => (value as Partial<Setting<unknown>> | null)?.key !== undefined,
  );
}
