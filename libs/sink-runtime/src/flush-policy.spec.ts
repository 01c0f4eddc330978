import { describe, expect, it } from '@jest/globals';
import { flushReason } from './flush-policy.ts';

const policy = { maxRecords: 100, maxBytes: 1_000, maxAgeMs: 500 };
const buffer = { records: 1, bytes: 10, heldBytes: 400, oldestAtMs: 0 };
const now = { nowMs: 100, memoryBytes: 10_000, draining: false };

describe('flushReason', () => {
  it.each([
    ['nothing is due', {}, {}, undefined],
    ['the buffer is empty, even when draining', { records: 0 }, { draining: true }, undefined],
    ['records', { records: 100 }, {}, 'records'],
    ['bytes', { bytes: 1_000 }, {}, 'bytes'],
    ['memory', { heldBytes: 10_000 }, {}, 'memory'],
    ['age', {}, { nowMs: 500 }, 'age'],
    ['drain', {}, { draining: true }, 'drain'],
  ])('%s', (_title, state, circumstances, reason) => {
    expect(flushReason({ ...buffer, ...state }, policy, { ...now, ...circumstances })).toBe(reason);
  });
});
