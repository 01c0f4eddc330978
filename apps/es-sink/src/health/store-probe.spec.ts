import { describe, expect, it } from '@jest/globals';
import { createLogger, Readiness } from '@pipeline/observability';
import { indexTemplate } from '../elasticsearch/index-template.ts';
import { MemoryDocumentStore } from '../elasticsearch/memory.document-store.ts';
import { StoreError } from '../elasticsearch/store-error.ts';
import { IndexTemplates } from '../index/index-templates.ts';
import { StoreProbe } from './store-probe.ts';

/** A probe over a store in memory; `looked` resolves after each look with what readiness says. */
function rig() {
  const store = new MemoryDocumentStore();
  const readiness = new Readiness();
  const templates = new IndexTemplates(store, [indexTemplate('select-color', '0-1')]);
  const logger = createLogger('spec', 'silent');
  const probe = new StoreProbe({ templates, readiness, logger, intervalMs: 1 });
  return { store, probe, reason: () => readiness.notReady().elasticsearch };
}

/** Runs the probe until its readiness is as wanted. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

describe('readiness', () => {
  it('is missing until Elasticsearch has answered', () => {
    expect(rig().reason()).toBe('Elasticsearch has not answered yet');
  });

  it('follows Elasticsearch down and up again, and the template is put back', async () => {
    const { store, probe, reason } = rig();
    const running = probe.run();
    await until(() => reason() === undefined);
    store.templateError = new StoreError('unauthorized', 'key expired');
    await until(() => reason() === 'Elasticsearch: unauthorized');
    delete store.templateError;
    const before = store.templates.length;
    await until(() => reason() === undefined);
    expect(store.templates.length).toBeGreaterThan(before);
    probe.stop();
    await running;
  });

  it('is not looked for any more after the stop', async () => {
    const { store, probe } = rig();
    const running = probe.run();
    probe.stop();
    await running;
    const looks = store.templates.length;
    await new Promise(setImmediate);
    expect(store.templates).toHaveLength(looks);
  });
});
