import { describe, expect, it } from '@jest/globals';
import { CATALOGUE, drillsNamed, FAST, FAULTS, MIRRORING, SCALING } from './catalogue.ts';

describe('the catalogue of drills', () => {
  it('has each name once, in kebab-case, and a sentence for each', () => {
    const names = CATALOGUE.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, title } of CATALOGUE) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(title).toMatch(/^\S.* .*\.$/);
    }
  });

  it('finds drills by name, in its own order, and names what there is not', () => {
    expect(drillsNamed(['elasticsearch-503', 'hdfs-safe-mode']).map(({ name }) => name)).toEqual([
      'hdfs-safe-mode',
      'elasticsearch-503',
    ]);
    expect(() => drillsNamed(['hdfs-safe-mode', 'flood', 'fire'])).toThrow('flood, fire');
  });

  it('is faults, scaling and mirroring, and nothing else', () => {
    expect(new Set([...FAULTS, ...SCALING, ...MIRRORING])).toEqual(new Set(CATALOGUE));
    expect(FAULTS.length + SCALING.length + MIRRORING.length).toBe(CATALOGUE.length);
  });

  it('has a fast part on one broker', () => {
    expect(FAST.length).toBeGreaterThan(0);
    for (const { brokers = 1 } of FAST) expect(brokers).toBe(1);
  });
});
