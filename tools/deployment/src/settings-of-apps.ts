import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from './workspace.ts';

/**
 * The settings of each project, out of `.env.example`, which tools/test-run keeps equal to what the projects read: a
 * line `# --- es-sink, audit` opens the settings of these two.
 */
export function settingsOfApps(): Map<string, Set<string>> {
  const result = new Map<string, Set<string>>();
  let owners: string[] = [];
  for (const line of readFileSync(join(WORKSPACE, '.env.example'), 'utf8').split('\n')) {
    if (line.startsWith('# --- ')) owners = line.slice(6).split(', ');
    const name = /^([A-Z0-9_]+)=/.exec(line)?.[1];
    if (name === undefined) continue;
    for (const owner of owners) result.set(owner, (result.get(owner) ?? new Set()).add(name));
  }
  return result;
}
