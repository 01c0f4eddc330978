import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Manifest, type Overlay, OVERLAYS, render } from './manifests.ts';
import { type Mistake, RULE_MISTAKES, SCHEMA_MISTAKES, withMistake } from './mistakes.ts';
import { RULES } from './rules/index.ts';
import { schemaErrors } from './schemas/validate.ts';

describe.each(OVERLAYS)('the overlay %s', (overlay) => {
  let manifests: Manifest[];

  beforeAll(async () => {
    manifests = await render(overlay);
  });

  it('fits the strict schemas of Kubernetes and KEDA', () => {
    expect(manifests.flatMap(schemaErrors)).toEqual([]);
  });

  it.each(Object.entries(RULES))('obeys %s', (_name, rule) => {
    expect(rule(manifests)).toEqual([]);
  });
});

describe('a mistake is found', () => {
  const manifests = new Map<Overlay, Manifest[]>();

  beforeAll(async () => {
    for (const overlay of OVERLAYS) manifests.set(overlay, await render(overlay));
  });

  const mistaken = (mistake: Mistake) =>
    withMistake(manifests.get(mistake.overlay ?? 'local') ?? [], mistake);

  const mistakes = Object.entries(RULE_MISTAKES).flatMap(([rule, list]) =>
    list.map((mistake) => ({ rule, mistake, title: mistake.title })),
  );

  it.each(mistakes)('by $rule: $title', ({ rule, mistake }) => {
    expect(RULES[rule]?.(mistaken(mistake))).not.toEqual([]);
  });

  it.each(SCHEMA_MISTAKES)('by the schemas: $title', (mistake) => {
    expect(mistaken(mistake).flatMap(schemaErrors)).not.toEqual([]);
  });

  it('of every rule', () => {
    expect(Object.keys(RULE_MISTAKES)).toEqual(Object.keys(RULES));
  });
});
