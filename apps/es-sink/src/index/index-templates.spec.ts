import { describe, expect, it } from '@jest/globals';
import { indexTemplate } from '../elasticsearch/index-template.ts';
import { MemoryDocumentStore } from '../../testing/document-store.double.ts';
import { StoreError } from '../elasticsearch/store-error.ts';
import { IndexTemplates } from './index-templates.ts';

const TOPIC = 'select-color';
const TODAY = 'select-color-2026.11.22';
const YESTERDAY = 'select-color-2026.11.21';

function rig() {
  const store = new MemoryDocumentStore();
  const nowMs = () => Date.UTC(2026, 10, 22, 12);
  return { store, templates: new IndexTemplates(store, [indexTemplate(TOPIC, '0-1')], nowMs) };
}

describe('the templates', () => {
  it('are placed once for partitions that start together', async () => {
    const { store, templates } = rig();
    await Promise.all([templates.ensured(TOPIC, [TODAY]), templates.ensured(TOPIC, []), templates.check()]);
    expect(store.templates).toHaveLength(1);
  });

  it('are looked at no more once they are in place, except by a check', async () => {
    const { store, templates } = rig();
    await templates.ensured(TOPIC, [TODAY]);
    await templates.ensured(TOPIC, [TODAY]);
    expect(store.templates).toHaveLength(1);
    await templates.check();
    expect(store.templates).toHaveLength(2);
  });

  it('are placed again after a failure', async () => {
    const { store, templates } = rig();
    store.templateError = new StoreError('unavailable', 'down');
    await expect(templates.ensured(TOPIC, [TODAY])).rejects.toMatchObject({ code: 'unavailable' });
    delete store.templateError;
    await templates.ensured(TOPIC, [TODAY]);
    expect(store.templates).toHaveLength(1);
  });
});

describe('the effect of the templates', () => {
  it('is looked at once for each index that is written, and again at every check', async () => {
    const { store, templates } = rig();
    await templates.ensured(TOPIC, [TODAY, YESTERDAY]);
    await templates.ensured(TOPIC, [YESTERDAY]);
    expect(store.effectsAsked).toEqual([TODAY, YESTERDAY]);
    await templates.check();
    expect(store.effectsAsked.slice(2).sort()).toEqual([YESTERDAY, TODAY]);
    await templates.ensured(TOPIC, [TODAY]);
    expect(store.effectsAsked).toHaveLength(4);
  });

  it('on today is looked at although nothing is written', async () => {
    const { store, templates } = rig();
    await templates.check();
    expect(store.effectsAsked).toEqual([TODAY]);
  });

  it('refuses an index that is not ours with the reason, until it is', async () => {
    const { store, templates } = rig();
    store.changedEffect = { settings: { 'index.default_pipeline': 'drop-all' } };
    const failure = { code: 'foreign-index', reason: expect.stringContaining(`${TODAY}: its setting`) };
    await expect(templates.ensured(TOPIC, [TODAY])).rejects.toMatchObject(failure);
    await expect(templates.check()).rejects.toMatchObject(failure);
    store.changedEffect = {};
    await templates.ensured(TOPIC, [TODAY]);
  });

  it('is noticed by the next check when it is lost', async () => {
    const { store, templates } = rig();
    await templates.ensured(TOPIC, [TODAY]);
    store.changedEffect = { mappings: {} };
    await expect(templates.check()).rejects.toMatchObject({ code: 'foreign-index' });
    await expect(templates.ensured(TOPIC, [TODAY])).rejects.toMatchObject({ code: 'foreign-index' });
  });
});
