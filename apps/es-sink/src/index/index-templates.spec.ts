import { describe, expect, it } from '@jest/globals';
import { indexTemplate } from '../elasticsearch/index-template.ts';
import { MemoryDocumentStore } from '../elasticsearch/memory.document-store.ts';
import { StoreError } from '../elasticsearch/store-error.ts';
import { IndexTemplates } from './index-templates.ts';

function rig() {
  const store = new MemoryDocumentStore();
  return { store, templates: new IndexTemplates(store, [indexTemplate('select-color', '0-1')]) };
}

describe('IndexTemplates', () => {
  it('looks once for partitions that start together', async () => {
    const { store, templates } = rig();
    await Promise.all([templates.ensured(), templates.ensured(), templates.check()]);
    expect(store.templates).toHaveLength(1);
  });

  it('looks no more once they were in place, unless told to', async () => {
    const { store, templates } = rig();
    await templates.ensured();
    await templates.ensured();
    expect(store.templates).toHaveLength(1);
    await templates.check();
    expect(store.templates).toHaveLength(2);
  });

  it('tries again after a failure', async () => {
    const { store, templates } = rig();
    store.templateError = new StoreError('unavailable', 'down');
    await expect(templates.ensured()).rejects.toMatchObject({ code: 'unavailable' });
    delete store.templateError;
    await templates.ensured();
    expect(store.templates).toHaveLength(1);
  });
});
