import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventTypeEntry, SINK_NAMES, type TableEntry } from '@pipeline/event-schema';
import { catalogueOf, EVENTS, TABLE_CLASSES } from '@pipeline/event-schema/contract';
import { format } from 'prettier';
import { fieldTables } from './field-tables.ts';
import { hiveDdl } from './hive-ddl.ts';

const HIVE = 'docs/hive';

type Entry = EventTypeEntry | TableEntry;

/**
 * Every file that follows from the event types and tables, by its path in the workspace: what it holds now, `undefined` where it is not
 * there, and what it shall hold, `undefined` where it shall not be there.
 */
export async function generatedFiles(workspace: string): Promise<GeneratedFile[]> {
  const types = catalogueOf(EVENTS, TABLE_CLASSES);
  const tables = (await readdir(join(workspace, HIVE))).filter((name) => name.endsWith('.sql'));
  const files = [
    file('libs/event-schema/src/catalogue.ts', () => catalogueModule(types)),
    file('docs/events.md', () => fieldTables(types)),
    file('docs/mirror/mirror-maker.properties', (now) => mirrored(now, types)),
    ...SINK_NAMES.map((sink) =>
      file(`k8s/base/${sink}/scaled-object.yaml`, (now) => scaled(now, sink, types)),
    ),
    ...types.map((type) => file(`${HIVE}/${type.name}.sql`, () => hiveDdl(type))),
    ...tables
      .filter((name) => !types.some((type) => name === `${type.name}.sql`))
      .map((name) => file(`${HIVE}/${name}`, () => undefined)),
  ];
  return Promise.all(files.map((each) => each(workspace)));
}

export interface GeneratedFile {
  readonly path: string;
  readonly now: string | undefined;
  readonly wanted: string | undefined;
}

type Made = string | undefined;

function file(path: string, make: (now: string) => Made | Promise<Made>) {
  return async (workspace: string): Promise<GeneratedFile> => {
    const now = await readFile(join(workspace, path), 'utf8').catch(() => undefined);
    const wanted = await make(now ?? '');
    return { path, now, wanted: wanted && (await formatted(path, wanted)) };
  };
}

function formatted(path: string, text: string): string | Promise<string> {
  return /\.(ts|md)$/.test(path)
    ? format(text, { filepath: path, singleQuote: true, printWidth: path.endsWith('.ts') ? 110 : 132 })
    : text;
}

function catalogueModule(types: readonly Entry[]): string {
  return `// Generated from the classes in events/: npm run catalogue
import { type EventTypeEntry, type TableEntry } from './event-type.ts';

/** Every event type and table as plain data, for code that loads no validation. */
export const CATALOGUE = ${JSON.stringify(types)} as const satisfies readonly (EventTypeEntry | TableEntry)[];
`;
}

/** The list of topics of MirrorMaker: regular expressions. Nothing is refused of a table. */
function mirrored(now: string, types: readonly Entry[]): string {
  const namesOf = (kind: Entry['kind']) =>
    types
      .filter((type) => type.kind === kind)
      .map(({ name }) => name.replaceAll('.', '[.]'))
      .join('|');
  const listed = [`(${namesOf('event')})([.]rejected)?`, namesOf('table')].filter((names) => names !== '');
  return now.replace(/^topics = .*$/m, () => `topics = (${listed.join('|')})`);
}

/** The triggers of a scaler, which end its file: it counts the lag of each topic. */
function scaled(now: string, sink: string, types: readonly Entry[]): string {
  const [head = ''] = now.split('  triggers:\n');
  const triggers = types.map(
    ({ name }) => `    - type: kafka
      metadata:
        bootstrapServersFromEnv: KAFKA_BROKERS
        consumerGroup: ${sink}
        topic: ${name}
        lagThreshold: '20000'
        # Never more replicas than partitions.
        allowIdleConsumers: 'false'
        # A group that has no offset yet has everything to do.
        offsetResetPolicy: earliest
`,
  );
  return `${head}  triggers:\n${triggers.join('')}`;
}
