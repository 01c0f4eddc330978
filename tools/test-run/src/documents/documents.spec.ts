import { beforeAll, describe, expect, it } from '@jest/globals';
import { type ProjectGraph, projectGraph } from '../workspace-rules/project-graph.ts';
import { settingsOfWorkspace } from '../workspace-rules/settings-of-workspace.ts';
import { readIfThere } from '../workspace.ts';
import { type Document, documentPaths, parseDocument, readDocument } from './markdown.ts';
import {
  brokenLinks,
  knownPorts,
  unknownAddresses,
  unknownScripts,
  unknownTasks,
  wordsToAvoid,
} from './rules.ts';

/** Documents whose words are still to be mended. The list only shrinks: a document that is clean must leave it. */
const TO_BE_MENDED: readonly string[] = [
  // Written by `npm run drill` and `npm run bench:report`: their next run says what the code says by now.
  'docs/drills.md',
  'docs/performance.md',
];

const { scripts } = JSON.parse(readIfThere('package.json') ?? '') as { scripts: Record<string, string> };
const documents = documentPaths().map(readDocument);
let graph: ProjectGraph;
let ports: Set<number>;

beforeAll(async () => {
  graph = await projectGraph();
  const programs = await settingsOfWorkspace();
  ports = knownPorts(programs.flatMap(({ shape }) => Object.values(shape)));
}, 60_000);

describe.each(documents.map((document) => [document.path, document] as const))('%s', (path, document) => {
  it('links to files and headings that exist', () => {
    expect(brokenLinks(document)).toEqual([]);
  });

  it('names commands and addresses that exist', () => {
    expect(unknownScripts(document, Object.keys(scripts))).toEqual([]);
    expect(unknownTasks(document, graph)).toEqual([]);
    expect(unknownAddresses(document, ports)).toEqual([]);
  });

  it(TO_BE_MENDED.includes(path) ? 'is still to be mended' : 'uses plain words', () => {
    const found = wordsToAvoid(document);
    if (TO_BE_MENDED.includes(path)) expect(found).not.toEqual([]);
    else expect(found).toEqual([]);
  });
});

it('the list of documents to be mended names documents', () => {
  expect(TO_BE_MENDED.filter((path) => !documents.some((document) => document.path === path))).toEqual([]);
});

describe('README.md', () => {
  const text = readIfThere('README.md') ?? '';
  const drills = readIfThere('docs/drills.md') ?? '';

  it('has at most 80 lines', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(80);
  });

  it('says of the drills what their last report says', () => {
    const [, held, events, lost, double] =
      /\*\*(\d+ of \d+) held\*\*, ([\d,]+) events, (\d+) lost, (\d+) double/.exec(drills) ?? [];
    expect(text).toContain(`${held} held, ${events} events, ${lost} lost, ${double} double`);
    const named = [...text.matchAll(/`([a-z0-9-]+)`: ([\d,]+) events/g)];
    expect(named.length).toBeGreaterThan(2);
    for (const [, drill, count] of named) {
      expect(drills).toMatch(new RegExp(String.raw`^\| ${drill} +\| +${count} \|`, 'm'));
    }
  });

  it('sends events of the contract', () => {
    const commands = readDocument('README.md').commands.map(({ text: command }) => command);
    const bodies = commands.flatMap((command) => /-d '([^']+)'/.exec(command)?.[1] ?? []);
    expect(bodies).not.toEqual([]);
    for (const body of bodies) {
      const { event_type: type } = JSON.parse(body) as { event_type: string };
      expect(readIfThere('docs/events.md')).toContain(`\n## ${type}\n`);
    }
  });
});

describe('a mistake in a document is found', () => {
  const document = (markdown: string): Document => parseDocument('README.md', markdown);

  it.each([
    '[a](docs/nothing.md)',
    '[a](docs/runbook.md#no-heading)',
    '[a](#no-heading)',
    '![a](docs/images/nothing.png)',
    '<picture><img src="docs/images/nothing.png"></picture>',
    '[a]: docs/nothing.md',
  ])('in a link: %s', (markdown) => {
    expect(brokenLinks(document(markdown))).toHaveLength(1);
  });

  it('in no link that leads somewhere', () => {
    const markdown =
      '# The `Title` of it\n\n[a](#the-title-of-it) [b](docs/runbook.md#sink-lag) [c](https://a.example)';
    expect(brokenLinks(document(markdown))).toEqual([]);
  });

  it.each([
    '`npm run nothing`',
    '```sh\nnpm ci && npm run nothing -- --flag\n```',
    '```\nnpm run \\\n  nothing\n```',
  ])('in a script: %s', (markdown) => {
    expect(unknownScripts(document(markdown), ['audit'])).toHaveLength(1);
  });

  it('in no script that is there, and in no comment of a shell block', () => {
    expect(unknownScripts(document('```sh\nnpm run audit # npm run nothing\n```'), ['audit'])).toEqual([]);
  });

  it.each([
    'npx nx test nothing',
    'npx nx nothing es-sink',
    'npx nx run-many -t build nothing -p es-sink',
    'npx nx run es-sink:nothing',
  ])('in a task: %s', (command) => {
    expect(unknownTasks(document(`\`${command}\``), graph)).toHaveLength(1);
  });

  it.each([
    'npx nx test es-sink --watch',
    'npx nx affected -t lint test --base=main',
    'npx nx run <app>:image',
    'npx nx lint',
  ])('in no task that is there: %s', (command) => {
    expect(unknownTasks(document(`\`${command}\``), graph)).toEqual([]);
  });

  it('in an address', () => {
    expect(unknownAddresses(document('`localhost:3000` `http://localhost:4711/a`'), ports)).toHaveLength(1);
  });

  it.each([
    ['It is retried for ever.', 1],
    ['a store\nof its\nown', 1],
    ['It goes on, and **nobody** knows.', 2],
    ['Who sends it, he knows.', 1],
    ['`it goes on` is the text of a log', 0],
    ['The show. He who pays.', 0],
  ])('in words: %s', (markdown, count) => {
    expect(wordsToAvoid(document(markdown))).toHaveLength(count);
  });
});
