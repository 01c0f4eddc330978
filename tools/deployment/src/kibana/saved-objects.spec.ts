import { beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '@pipeline/event-schema';
import { readCompose } from '../compose.ts';
import { SAVED_OBJECT_RULES } from './rules.ts';
import {
  kibanaVersion,
  OBJECTS_FILE,
  readSavedObjects,
  type SavedObject,
  type Surroundings,
  templateOf,
} from './saved-objects.ts';

let around: Surroundings;
let patterns: readonly string[];
beforeAll(async () => {
  const template = await templateOf(TOPICS.selectColor.name);
  patterns = template.patterns;
  around = { kibana: kibanaVersion(), fields: template.fields };
});

describe('what Kibana is given', () => {
  const objects = readSavedObjects();

  it('is a data view of the indices that es-sink writes, three pictures and a dashboard', () => {
    const types = objects.map(({ type }) => type).sort();
    expect(types).toEqual(['dashboard', 'index-pattern', 'lens', 'lens', 'lens']);
    const view = objects.find(({ type }) => type === 'index-pattern')?.attributes.title ?? '';
    expect(view).toBe(`${TOPICS.selectColor.name}-*`);
    expect(patterns.filter((pattern) => !pattern.startsWith(view.slice(0, -1)))).toEqual([]);
  });

  it.each(Object.entries(SAVED_OBJECT_RULES))('obeys %s', (_name, rule) => {
    expect(rule(objects, around)).toEqual([]);
  });

  it('is imported by compose, over what is there, when Kibana is healthy', () => {
    const { kibana, 'kibana-objects': step } = readCompose('compose.yaml').services;
    expect(step?.depends_on).toEqual({ kibana: { condition: 'service_healthy' } });
    expect(step?.image).toBe(kibana?.image);
    const [folder, mount] = step?.volumes?.[0]?.split(':') ?? [];
    expect(folder).toBe('./kibana');
    expect(step?.command).toContain(`file=@${mount}/${OBJECTS_FILE}`);
    expect(step?.command?.at(-1)).toMatch(/^http:\/\/kibana:5601\/.*\?overwrite=true$/);
  });
});

describe('a mistake is found', () => {
  /** The objects after a text in one of them was replaced. */
  const after = (before: string, now: string): SavedObject[] => {
    const lines = readSavedObjects().map((object) => JSON.stringify(object));
    const at = lines.findIndex((line) => line.includes(before));
    expect(at).toBeGreaterThanOrEqual(0);
    return lines.map(
      (line, index) => JSON.parse(index === at ? line.replace(before, now) : line) as SavedObject,
    );
  };
  const mistakes: Readonly<Record<string, () => readonly SavedObject[]>> = {
    colorsAreTheirOwn: () => after('"values":["navy"]', '"values":["black"]'),
    everythingIsShown: () => readSavedObjects().filter(({ type }) => type !== 'dashboard'),
    fieldsExist: () => after('"sourceField":"color_name"', '"sourceField":"colour_name"'),
    idsAreUnique: () => [...readSavedObjects(), ...readSavedObjects()],
    layersAreWhole: () => after('"accessors":["picks"]', '"accessors":["clicks"]'),
    panelsFit: () => after('\\"x\\":32', '\\"x\\":33'),
    referencesResolve: () => readSavedObjects().filter(({ type }) => type !== 'index-pattern'),
    versionsFit: () => after('"typeMigrationVersion":"8.9.0"', '"typeMigrationVersion":"10.2.0"'),
    viewHasTime: () => after('"timeFieldName":"occurred_at"', '"timeFieldName":"@timestamp"'),
  };

  it.each(Object.entries(SAVED_OBJECT_RULES))('by %s', (name, rule) => {
    expect(rule(mistakes[name]?.() ?? [], around)).not.toEqual([]);
  });

  it('in an operation that its field cannot answer', () => {
    const averaged = after('"sourceField":"color_name"', '"sourceField":"occurred_at"');
    expect(SAVED_OBJECT_RULES['fieldsExist']?.(averaged, around)).not.toEqual([]);
  });
});
