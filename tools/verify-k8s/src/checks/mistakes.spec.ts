import { describe, expect, it } from '@jest/globals';
import { MISTAKES, setAt } from './mistakes.ts';

describe('mistakes for the server', () => {
  it('set, add and remove values deep in an object, also in a list', () => {
    const object = { spec: { ports: [{ port: 1 }], kept: true } };
    setAt(object, ['spec', 'ports', '0', 'port'], 0);
    setAt(object, ['spec', 'added', 'deep'], 'x');
    setAt(object, ['spec', 'kept'], undefined);
    expect(object).toEqual({ spec: { ports: [{ port: 0 }], added: { deep: 'x' } } });
  });

  it('each have a reason of their own per kind, which silence does not fit', () => {
    for (const { kind, title, reason } of MISTAKES) {
      expect({ kind, title, fits: reason.test('') }).toEqual({ kind, title, fits: false });
    }
  });
});
