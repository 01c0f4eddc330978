import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { foldersBothWays, productSources, typesExportedTwice } from '../product-sources.ts';
import { WORKSPACE } from '../workspace.ts';

const sources = productSources();

describe('the folders of the product', () => {
  it('have an order: no two import each other', () => {
    expect(foldersBothWays(sources)).toEqual([]);
  });

  it('are found where two do, types included', () => {
    const stage = { path: 'apps/a/src/write/file.ts', imports: ['../a.config.ts', './name.ts', 'node:fs'] };
    const config = { path: 'apps/a/src/a.config.ts', imports: ['./write/name.ts'] };
    expect(foldersBothWays([stage, config])).toEqual(['apps/a/src ↔ apps/a/src/write']);
    expect(foldersBothWays([stage, { ...config, imports: [] }])).toEqual([]);
    expect(foldersBothWays([stage, { ...config, path: 'apps/a/src/index.ts' }])).toEqual([]);
  });
});

describe('the names of types', () => {
  it('are exported once each', () => {
    expect(typesExportedTwice(sources)).toEqual([]);
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
