import { type Setting } from '@pipeline/config';
import { type ProgramSettings } from './settings-of-workspace.ts';

const HEADING = `# Every setting of every app and tool with its default. Each is read from the environment; an empty value means the default.
# This file is written by a spec of tools/test-run, which fails when a setting is missing here or nothing reads it.
`;

/** The text of \`.env.example\`: each key once, by the programs that read it, with its line of doc. */
export function renderEnvExample(programs: readonly ProgramSettings[]): string {
  const readers = new Map<string, string[]>();
  for (const { program, shape } of programs) {
    // A program that runs in two ways has two lists of settings.
    for (const { key } of Object.values(shape)) {
      readers.set(key, [...new Set(readers.get(key)).add(program)]);
    }
  }
  const groups = [...groupByReaders(programs, readers)];
  const sharedFirst = groups.toSorted(([a], [b]) => b.split(',').length - a.split(',').length);
  const sections = sharedFirst.map(
    ([names, settings]) => `\n# --- ${names}\n${settings.map(renderSetting).join('')}`,
  );
  return HEADING + sections.join('');
}

/** Settings by the list of programs that read them, in the order in which they are declared. */
function groupByReaders(programs: readonly ProgramSettings[], readers: ReadonlyMap<string, string[]>) {
  const groups = new Map<string, Setting<unknown>[]>();
  const seen = new Set<string>();
  for (const setting of programs.flatMap(({ shape }) => Object.values(shape))) {
    if (seen.has(setting.key)) continue;
    seen.add(setting.key);
    const names = (readers.get(setting.key) ?? []).join(', ');
    groups.set(names, [...(groups.get(names) ?? []), setting]);
  }
  return groups;
}

function renderSetting({ key, doc, unit, fallback }: Setting<unknown>): string {
  const comment = `# ${doc}${unit === undefined ? '' : ` (${unit})`}${fallback === undefined ? '. Required.' : ''}`;
  return `${comment}\n${key}=${fallback ?? ''}\n`;
}

/** Reads `KEY=value` lines; comments and empty lines are left out. */
export function parseEnv(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
