import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Setting } from '@pipeline/config';
import { readIfThere, WORKSPACE } from '../workspace.ts';
import { parseEnv, renderEnvExample } from './env-example.ts';
import { type ProgramSettings, settingsOfWorkspace } from './settings-of-workspace.ts';

const WRITTEN = 'tools/test-run/test-results/env.example';
const DECLARATION = String.raw`:\s*(addresses|bytes|flag|integer|list|milliseconds|oneOf|pairs|port|ratio|text|urls?)\(`;

describe('the settings of the workspace', () => {
  let programs: ProgramSettings[];
  let settings: Setting<unknown>[];
  beforeAll(async () => {
    programs = await settingsOfWorkspace();
    settings = programs.flatMap(({ shape }) => Object.values(shape));
  }, 60_000);

  it('are found in all four apps', () => {
    const apps = programs.map(({ program }) => program);
    expect(apps).toEqual(expect.arrayContaining(['collector-api', 'hdfs-sink', 'es-sink', 'web-ui']));
  });

  it(`are all in .env.example and nothing else is (cp ${WRITTEN} .env.example)`, () => {
    const expected = renderEnvExample(programs);
    mkdirSync(join(WORKSPACE, 'tools/test-run/test-results'), { recursive: true });
    writeFileSync(join(WORKSPACE, WRITTEN), expected);
    expect(readIfThere('.env.example')).toBe(expected);
  });

  it('load without a mistake from .env.example', () => {
    const example = parseEnv(readIfThere('.env.example') ?? '');
    for (const { settings } of programs) expect(() => settings.load(example)).not.toThrow();
  });

  it('have one default per key, whichever program reads it', () => {
    const first = new Map<string, Setting<unknown>>();
    for (const setting of settings) {
      const { fallback } = first.get(setting.key) ?? setting;
      expect({ key: setting.key, fallback: setting.fallback }).toEqual({ key: setting.key, fallback });
      first.set(setting.key, setting);
    }
  });

  it('are each read by some code, not only by a rule over several keys', () => {
    const code = sources((name) => !/\.(spec|config)\.tsx?$/.test(name));
    const declarations = sources((name) => name.endsWith('.config.ts'));
    const isRead = (name: string) =>
      new RegExp(String.raw`\b${name}\b(?!${DECLARATION})`).test(code) || declarations.includes(`.${name}`);
    const unread = programs.flatMap(({ program, shape }) =>
      Object.keys(shape)
        .filter((name) => !isRead(name))
        .map((name) => `${program}: ${name}`),
    );
    expect(unread).toEqual([]);
  });
});

/** The text of all source files whose path is wanted. */
function sources(isWanted: (path: string) => boolean): string {
  const texts = ['apps', 'libs', 'tools'].flatMap((kind) =>
    readdirSync(join(WORKSPACE, kind), { recursive: true, encoding: 'utf8' })
      .filter((name) => /^[^/]+\/(src|bin|client)\/.*\.tsx?$/.test(name) && isWanted(name))
      .map((name) => readFileSync(join(WORKSPACE, kind, name), 'utf8')),
  );
  return texts.join('\n');
}
