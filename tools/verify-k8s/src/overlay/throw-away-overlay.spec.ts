import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { kustomization } from './throw-away-overlay.ts';

interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly { readonly behavior: string; readonly literals: readonly string[] }[];
  readonly patches: readonly { readonly target: { readonly kind: string }; readonly patch: string }[];
}

describe('a throw-away overlay', () => {
  const { resources, configMapGenerator, patches } = kustomization('../base', {
    brokers: '127.0.0.1:9',
    coolDownSeconds: 5,
  }) as Kustomization;

  it('keeps what is below it and changes only the brokers', () => {
    expect(resources).toEqual(['../base']);
    expect(configMapGenerator).toMatchObject([
      { behavior: 'merge', literals: ['KAFKA_BROKERS=127.0.0.1:9'] },
    ]);
  });

  it('shortens the cool-down of both kinds of autoscaler, and never how they go up', () => {
    expect(patches.map(({ target }) => target.kind)).toEqual(['ScaledObject', 'HorizontalPodAutoscaler']);
    for (const { patch } of patches) {
      const [{ path, value }] = parse(patch) as [{ path: string; value: Record<string, unknown> }];
      expect(path).toMatch(/\/behavior\/scaleDown$/);
      expect(value).toMatchObject({ stabilizationWindowSeconds: 5 });
    }
  });
});
