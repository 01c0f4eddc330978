import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from '../project-paths.ts';
import { documentedCommands } from './documented-commands.ts';

const MARKDOWN = [
  '# Text',
  '```sh',
  'other command',
  '```',
  '```sh',
  '# first',
  'make namespace pipeline',
  'make secret \\',
  '  --from-file=a \\',
  '  --from-file=b',
  '',
  'apply',
  '```',
  '```yaml',
  'make secret: no',
  '```',
].join('\n');

describe('the commands of a document', () => {
  it('are those of the block with the mark, with continued lines joined and without comments', () => {
    expect(documentedCommands(MARKDOWN, 'make secret')).toEqual([
      'make namespace pipeline',
      'make secret --from-file=a --from-file=b',
      'apply',
    ]);
  });

  it('are an error where no block has the mark', () => {
    expect(() => documentedCommands(MARKDOWN, 'make secrets')).toThrow('No shell block has make secrets');
  });

  it('make every secret that the production overlay names', () => {
    const text = readFileSync(join(WORKSPACE, 'docs/deploy.md'), 'utf8');
    const commands = documentedCommands(text, 'create secret generic kafka-login').join('\n');
    for (const name of ['kafka-login', 'elasticsearch-login', 'hdfs-login', 'ingress-tls']) {
      expect(commands).toMatch(new RegExp(`create secret \\w+ ${name}`));
    }
  });
});
