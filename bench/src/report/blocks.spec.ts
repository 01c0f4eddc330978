import { describe, expect, it } from '@jest/globals';
import { outdatedBlocks, withBlocks } from './blocks.ts';

const DOCUMENT = 'Before.\n\n<!-- bench:es -->\n\nold\n\n<!-- /bench:es -->\n\nAfter.\n';
const blocks = new Map([['es', '| a | b |\n| --- | --- |\n| 1 | 2 |']]);

describe('blocks of a document', () => {
  it('are replaced, and nothing around them', () => {
    const written = withBlocks(DOCUMENT, blocks);
    expect(written).toBe(
      `Before.\n\n<!-- bench:es -->\n\n${blocks.get('es')}\n\n<!-- /bench:es -->\n\nAfter.\n`,
    );
    expect(withBlocks(written, blocks)).toBe(written);
  });

  it('are known to be outdated by what they say, not by how a formatter sets it', () => {
    expect(outdatedBlocks(DOCUMENT, blocks)).toEqual(['es']);
    const set = withBlocks(DOCUMENT, blocks).replace('| --- | --- |', '| ----- | :---- |'.replace(':', '-'));
    expect(outdatedBlocks(set, blocks)).toEqual([]);
    expect(outdatedBlocks(set.replace('| 2 |', '| 3 |'), blocks)).toEqual(['es']);
  });

  it('must have a text', () => {
    expect(() => withBlocks(DOCUMENT, new Map())).toThrow('There is no text for a block es');
  });
});
