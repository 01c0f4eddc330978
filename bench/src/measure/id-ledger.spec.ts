import { describe, expect, it } from '@jest/globals';
import { IdLedger, type LedgerRun } from './id-ledger.ts';

const valueOf = (id: number) =>
  `{"event_id":"01890a5d-ac96-774b-8000-${id.toString(16).padStart(12, '0')}","a":1}`;

async function faultsOf(acknowledged: number, held: (run: LedgerRun) => number[], refused = 0) {
  const ledger = new IdLedger();
  ledger.open('before').acknowledged = 0;
  const run = Object.assign(ledger.open('run'), { acknowledged, refused });
  const faults = await ledger.faults((each) => {
    held(run).forEach((id) => each(valueOf(id)));
    return Promise.resolve();
  });
  return [...faults].map(([{ name }, fault]) => `${name}: ${fault}`);
}

describe('IdLedger', () => {
  it('finds no fault where every acknowledged event is there once', async () => {
    expect(await faultsOf(3, ({ firstId }) => [firstId + 2, firstId, firstId + 1])).toEqual([]);
  });

  it('finds what is missing, what is there twice, and what was refused', async () => {
    expect(await faultsOf(2, ({ firstId }) => [firstId])).toEqual([
      'run: 2 acknowledged, 0 refused, 1 found, 1 different',
    ]);
    expect(await faultsOf(2, ({ firstId }) => [firstId, firstId])).toEqual([
      'run: 2 acknowledged, 0 refused, 2 found, 1 different',
    ]);
    expect(await faultsOf(1, ({ firstId }) => [firstId], 1)).toEqual([
      'run: 1 acknowledged, 1 refused, 1 found, 1 different',
    ]);
  });

  it('finds events that nobody acknowledged', async () => {
    expect(await faultsOf(1, ({ firstId }) => [firstId, firstId + 1])).toEqual([
      'run: 1 acknowledged, 0 refused, 2 found, 1 different',
    ]);
  });
});
