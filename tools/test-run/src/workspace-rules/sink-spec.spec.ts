import { describe, expect, it } from '@jest/globals';
import { readIfThere } from '../workspace.ts';

const rows = (readIfThere('docs', 'sink-spec.md') ?? '')
  .split('\n')
  .filter((line) => /^\| (MUST|SHOULD)\b/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, , promise, heldBy]) => ({ promise: promise ?? '', heldBy: heldBy ?? '' }));

describe('docs/sink-spec.md', () => {
  it('has promises', () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each(rows)('names a test that exists for: $promise', ({ heldBy }) => {
    const [, path = '', title = ''] = /^`([^`]+)` "([^"]+)"$/.exec(heldBy) ?? [];
    expect(readIfThere(path)).toContain(`'${title}'`);
  });
});
