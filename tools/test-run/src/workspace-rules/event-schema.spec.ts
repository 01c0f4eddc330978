import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { WORKSPACE } from '../workspace.ts';

const SOURCES = join(WORKSPACE, 'libs/event-schema/src');

/** Names of the packages that are loaded with a file, through whatever it imports. Types are not there when it runs. */
function packagesBehind(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return ts
    .preProcessFile(readFileSync(file, 'utf8').replaceAll(/^import type .*$/gm, ''))
    .importedFiles.flatMap(({ fileName }) =>
      fileName.startsWith('.') ? packagesBehind(join(dirname(file), fileName), seen) : fileName,
    );
}

describe('event-schema', () => {
  it('brings the rules of incoming events, and the megabytes behind them, only to who asks for them', () => {
    expect(packagesBehind(join(SOURCES, 'index.ts')).filter((name) => name.startsWith('class-'))).toEqual([]);
    expect(packagesBehind(join(SOURCES, 'compiled/index.ts'))).toContain('class-validator');
  });
});
