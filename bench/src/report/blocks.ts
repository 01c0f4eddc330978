/** Text that a command writes into documents, by name: it stands between `<!-- bench:name -->` and `<!-- /bench:name -->`. */
export type Blocks = ReadonlyMap<string, string>;

const BLOCK = /(<!-- bench:([a-z]+) -->)[^]*?(<!-- \/bench:\2 -->)/g;

/** The document with every block as it is to be. @throws RangeError for a block that there is no text for. */
export function withBlocks(document: string, blocks: Blocks): string {
  return document.replace(BLOCK, (_, open: string, name: string, close: string) => {
    return `${open}\n\n${textOf(blocks, name)}\n\n${close}`;
  });
}

/**
 * Names of the blocks of a document that say something else than they are to say. White space and the padding of tables do
 * not count: a formatter may have been there.
 */
export function outdatedBlocks(document: string, blocks: Blocks): string[] {
  return [...document.matchAll(BLOCK)].flatMap(([whole, open = '', name = '', close = '']) => {
    const text = whole.slice(open.length, -close.length);
    return squeezed(text) === squeezed(textOf(blocks, name)) ? [] : [name];
  });
}

function textOf(blocks: Blocks, name: string): string {
  const text = blocks.get(name);
  if (text === undefined) throw new RangeError(`There is no text for a block ${name}`);
  return text;
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/-{3,}/g, '---').trim();
}
