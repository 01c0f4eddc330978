import { describe, expect, it } from '@jest/globals';
import { type StoredDocument } from '../elasticsearch/document-store.ts';
import { MemoryDocumentStore } from '../../testing/document-store.double.ts';
import { StoreError } from '../elasticsearch/store-error.ts';
import { documentsOf, owned } from '../../testing/records.fixture.ts';
import { BulkIndexer } from './bulk-indexer.ts';

const LIMITS = { maxRequestBytes: 1_000_000, maxConcurrentRequests: 2 };
const OVERLOADED = new StoreError('overloaded', '429');

function rig(limits: Partial<typeof LIMITS> = {}) {
  const store = new MemoryDocumentStore();
  return {
    store,
    indexer: new BulkIndexer<StoredDocument>((sent) => store.createAll(sent), { ...LIMITS, ...limits }),
  };
}

/** A hanging request, and what lets it answer. */
function gate() {
  let open!: (value?: unknown) => void;
  const until = new Promise((resolve) => (open = resolve));
  return { fault: { kind: 'hang', until } as const, open };
}

const turn = () => new Promise(setImmediate);
const kinds = (outcomes: readonly { kind: string }[]) => outcomes.map(({ kind }) => kind);

describe('BulkIndexer', () => {
  it('gives each document its own outcome, in order', async () => {
    const { store, indexer } = rig();
    store.refuse = ({ id }) =>
      id === 'b'
        ? { status: 429, error: { type: 'es_rejected_execution_exception', reason: 'full' } }
        : undefined;
    expect(kinds(await indexer.index(documentsOf(['a', 'b', 'a']), owned()))).toEqual([
      'written',
      'retry',
      'duplicate',
    ]);
  });

  it('answers at once when there is nothing to send', async () => {
    const { store, indexer } = rig();
    expect(await indexer.index([], owned())).toEqual([]);
    expect(store.requests).toEqual([]);
  });

  it('sends partitions that flush together in one request', async () => {
    const { store, indexer } = rig();
    await Promise.all([
      indexer.index(documentsOf(['a', 'b']), owned()),
      indexer.index(documentsOf(['c']), owned()),
    ]);
    expect(store.requests).toEqual([['a', 'b', 'c']]);
  });

  it('collects what arrives while every allowed request is under way', async () => {
    const { store, indexer } = rig();
    const first = gate();
    const second = gate();
    store.faults.push(first.fault, second.fault);
    const done: Promise<unknown>[] = [];
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      done.push(indexer.index(documentsOf([id]), owned()));
      await turn();
    }
    expect(store.requests).toEqual([['a'], ['b']]);
    first.open();
    second.open();
    await Promise.all(done);
    expect(store.requests).toEqual([['a'], ['b'], ['c', 'd', 'e']]);
    expect(store.maxInFlight).toBe(2);
  });

  it('cuts requests at the byte limit, in order, and lets a larger document travel alone', async () => {
    const { store, indexer } = rig({ maxRequestBytes: 250 });
    const documents = [
      ...documentsOf(['a', 'b', 'c'], 60),
      ...documentsOf(['L'], 900),
      ...documentsOf(['d'], 60),
    ];
    const outcomes = await indexer.index(documents, owned());
    expect(store.requests).toEqual([['a', 'b'], ['c'], ['L'], ['d']]);
    expect(new Set(kinds(outcomes))).toEqual(new Set(['written']));
  });

  it('makes a failure of a request the outcome of its documents alone', async () => {
    const { store, indexer } = rig({ maxRequestBytes: 120 });
    store.faults.push({ kind: 'fail', error: OVERLOADED });
    const outcomes = await indexer.index(documentsOf(['a', 'b', 'c', 'd'], 30), owned());
    expect(kinds(outcomes)).toEqual(['retry', 'written', 'written', 'written']);
    expect(outcomes[0]).toEqual({ kind: 'retry', error: OVERLOADED });
  });

  it('asks for less after a failure', async () => {
    const { store, indexer } = rig({ maxRequestBytes: 400_000 });
    store.faults.push({ kind: 'fail', error: OVERLOADED });
    await indexer.index(documentsOf(['a', 'b', 'c'], 90_000), owned());
    await indexer.index(documentsOf(['a', 'b', 'c'], 90_000), owned());
    expect(store.requests).toEqual([['a', 'b', 'c'], ['a', 'b'], ['c']]);
  });

  it('finds its own documents again when only the reply was lost', async () => {
    const { store, indexer } = rig();
    store.faults.push({ kind: 'lose-reply', error: new StoreError('timeout', 'late') });
    expect(kinds(await indexer.index(documentsOf(['a', 'b']), owned()))).toEqual(['retry', 'retry']);
    expect(kinds(await indexer.index(documentsOf(['a', 'b']), owned()))).toEqual(['duplicate', 'duplicate']);
    expect(store.documents.size).toBe(2);
  });
});

describe('a request that is too large', () => {
  it('is split until it fits, and the next one starts at the size that may pass', async () => {
    const { store, indexer } = rig({ maxRequestBytes: 900_000 });
    store.maxRequestBytes = 250_000;
    const ids = ['a', 'b', 'c', 'd'];
    expect(kinds(await indexer.index(documentsOf(ids, 200_000), owned()))).toEqual(ids.map(() => 'written'));
    expect(store.requests).toEqual([ids, ['a', 'b'], ['a'], ['b'], ['c', 'd'], ['c'], ['d']]);
    await indexer.index(documentsOf(['e', 'f'], 200_000), owned());
    expect(store.requests.slice(7)).toEqual([['e'], ['f']]);
  });

  it('ends with the one document that never fits, its neighbours written', async () => {
    const { store, indexer } = rig();
    store.maxRequestBytes = 500;
    const documents = [...documentsOf(['a'], 100), ...documentsOf(['L'], 600), ...documentsOf(['b'], 100)];
    const outcomes = await indexer.index(documents, owned());
    expect(kinds(outcomes)).toEqual(['written', 'permanent', 'written']);
    expect(outcomes[1]).toMatchObject({ code: 'too-large', message: expect.stringContaining('637 bytes') });
  });
});

describe('a partition that is lost', () => {
  it('has nothing sent afterwards, and learns it at once', async () => {
    const { store, indexer } = rig({ maxConcurrentRequests: 1 });
    const busy = gate();
    store.faults.push(busy.fault);
    const other = indexer.index(documentsOf(['a']), owned());
    await turn();
    const lost = new AbortController();
    const waiting = indexer.index(documentsOf(['b', 'c']), lost.signal);
    lost.abort();
    expect(await waiting).toMatchObject([{ error: { code: 'revoked' } }, { error: { code: 'revoked' } }]);
    busy.open();
    await other;
    await turn();
    expect(store.requests).toEqual([['a']]);
  });

  it('sends nothing when it was lost before the call', async () => {
    const { store, indexer } = rig();
    expect(kinds(await indexer.index(documentsOf(['a']), AbortSignal.abort()))).toEqual(['retry']);
    await turn();
    expect(store.requests).toEqual([]);
  });

  it('still gets the outcome of what was under way', async () => {
    const { store, indexer } = rig({ maxRequestBytes: 100 });
    const busy = gate();
    store.faults.push(busy.fault, busy.fault);
    const lost = new AbortController();
    const outcomes = indexer.index(documentsOf(['a', 'b', 'c'], 40), lost.signal);
    await turn();
    lost.abort();
    busy.open();
    expect(kinds(await outcomes)).toEqual(['written', 'written', 'retry']);
    expect(store.requests).toEqual([['a'], ['b']]);
  });

  it('drops out of a request that is being split; its neighbours go on', async () => {
    const { store, indexer } = rig();
    store.maxRequestBytes = 150;
    const busy = gate();
    store.faults.push(busy.fault);
    const lost = new AbortController();
    const kept = indexer.index(documentsOf(['a'], 100), owned());
    const dropped = indexer.index(documentsOf(['b'], 100), lost.signal);
    await turn();
    lost.abort();
    busy.open();
    expect(kinds([...(await kept), ...(await dropped)])).toEqual(['written', 'retry']);
    await turn();
    expect([...store.documents.keys()]).toEqual(['i/a']);
  });
});
