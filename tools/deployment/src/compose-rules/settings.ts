import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsOfApps } from '../settings-of-apps.ts';
import { WORKSPACE } from '../workspace.ts';
import { type ComposeRule, ofOurs } from './compose-rule.ts';

/** Of compose alone. */
const OWN_VARIABLES = ['PIPELINE_TAG'];

/** Every variable of an app is one of its settings. */
export const settingsExist: ComposeRule = ({ services }) =>
  ofOurs(services, ({ environment = {} }, app) =>
    Object.keys(environment)
      .filter((name) => settingsOfApps().get(app)?.has(name) !== true)
      .map((name) => `gets ${name}, which ${app} does not read`),
  );

/** Variables that a file uses without a default: `docker compose up` alone would warn and pass nothing. */
export function variablesWithoutDefault(text: string): string[] {
  return [...text.matchAll(/\$\{(\w+)(:?-[^}]*)?\}/g)]
    .filter(([, , fallback]) => fallback === undefined)
    .map(([whole]) => whole);
}

/** Variables that nothing else of the project knows, and ports that are not those of `npm start`. */
export function strangeVariables(text: string): string[] {
  const defaults = settingDefaults();
  return [...text.matchAll(/\$\{(\w+):-([^}]*)\}/g)]
    .filter(([, name = '', fallback]) => {
      if (OWN_VARIABLES.includes(name)) return false;
      return !defaults.has(name) || (name.endsWith('_PORT') && defaults.get(name) !== fallback);
    })
    .map(([whole]) => whole);
}

/** Every setting of `.env.example` with its default. */
function settingDefaults(): Map<string, string> {
  const lines = readFileSync(join(WORKSPACE, '.env.example'), 'utf8').matchAll(/^([A-Z0-9_]+)=(.*)$/gm);
  return new Map([...lines].map(([, name = '', value = '']) => [name, value]));
}
