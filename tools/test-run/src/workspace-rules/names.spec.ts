import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { productSources, typesExportedTwice } from '../product-sources.ts';
import { WORKSPACE } from '../workspace.ts';

describe('the names of types', () => {
  it('are exported once each', () => {
    expect(typesExportedTwice(productSources())).toEqual([]);
  });

  it('are found where two files export the same one', () => {
    const file = { path: 'a.ts', lines: 1, imports: [], types: [{ name: 'Place', isExported: true }] };
    expect(typesExportedTwice([file, { ...file, path: 'b.ts' }])).toEqual(['Place']);
    expect(typesExportedTwice([file, { ...file, types: [{ name: 'Place', isExported: false }] }])).toEqual(
      [],
    );
  });
});

describe('the glossary', () => {
  const rows = readFileSync(join(WORKSPACE, 'docs/glossary.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);

  it('explains each word once', () => {
    const words = rows.flatMap((row) =>
      row
        .split('|')[1]!
        .split(',')
        .map((word) => word.trim()),
    );
    expect(words.length).toBeGreaterThan(30);
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
  });
});
