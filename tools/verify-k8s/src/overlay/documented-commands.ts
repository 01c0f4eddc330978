/**
 * The commands of a document's shell block that holds `mark`, one per command, continued lines joined.
 * @throws Error when there is no such block.
 */
export function documentedCommands(markdown: string, mark: string): string[] {
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, body = '']) => body);
  const block = blocks.find((body) => body.includes(mark));
  if (block === undefined) throw new Error(`No shell block has ${mark}`);
  return block
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
