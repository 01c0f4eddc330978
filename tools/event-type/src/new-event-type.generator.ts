import { createHash } from 'node:crypto';
import { formatFiles, type Tree } from '@nx/devkit';

/** How a field of each type is declared, and a value of it. */
const TYPES = {
  text: { rule: 'Text', use: 'Text({ min: 1, max: 256 })', type: 'string', example: 'example' },
  address: {
    rule: 'Address',
    use: 'Address({ max: 2_048 })',
    type: 'string',
    example: 'https://example.com/',
  },
  uuid: { rule: 'Uuid', use: 'Uuid()', type: 'string', example: '01890a5d-ac96-774b-8000-000000000001' },
  instant: { rule: 'Instant', use: 'Instant()', type: 'string', example: '2026-11-22T10:00:00.000Z' },
  integer: { rule: 'WholeNumber', use: 'WholeNumber()', type: 'number', example: 3 },
  long: { rule: 'LongNumber', use: 'LongNumber()', type: 'number', example: 1 },
  decimal: { rule: 'Decimal', use: 'Decimal()', type: 'number', example: 9.5 },
  boolean: { rule: 'Flag', use: 'Flag()', type: 'boolean', example: true },
} as const;

const NAME = /^[a-z][a-z0-9]*([-.][a-z0-9]+)*$/;
const FIELD = /^([a-z][a-z0-9]*(?:_[a-z0-9]+)*)(\?)?:([a-z]+)$/;
const FOLDER = 'libs/event-schema';

export interface NewEventType {
  /** Name of the type and of its topic. */
  readonly name: string;
  /** One sentence: what happened. */
  readonly doc?: string;
  /** `event` by default. A table has rows that change, written by another program. */
  readonly kind?: 'event' | 'table';
  /** Of a table: the field that names a row. */
  readonly key?: string;
  /** Further arguments: `name:type`, `name?:type` where it is optional. */
  readonly _?: readonly string[];
}

interface NewField {
  readonly name: string;
  readonly isOptional: boolean;
  readonly type: (typeof TYPES)[keyof typeof TYPES];
}

/**
 * `nx g @pipeline/event-type add-to-cart product_id:text price:decimal`: the class of an event type, its line in the list and its
 * fixture. With `--kind table --key id`: the class of a table and its line.
 * @throws TypeError for a name or a field that cannot be.
 */
export async function newEventType(tree: Tree, options: NewEventType): Promise<() => void> {
  const { name, kind = 'event', doc = kind === 'event' ? 'Something happened.' : 'A row.' } = options;
  if (!NAME.test(name))
    throw new TypeError(`${name} is no name of a topic: small letters, digits, hyphens and dots`);
  const path = `${FOLDER}/src/events/${name}.ts`;
  if (tree.exists(path)) throw new TypeError(`${path} is there already`);
  const fields = (options._ ?? []).map(fieldOf);
  if (kind === 'table') {
    const key = fields.find((field) => field.name === options.key);
    if (key === undefined || key.isOptional)
      throw new TypeError(`--key ${options.key ?? ''} is none of the required fields of the table`);
    tree.write(path, tableOf(name, doc, key.name, fields));
    addLine(tree, name, 'TABLE_CLASSES');
  } else {
    tree.write(path, classOf(name, doc, fields));
    addLine(tree, name, 'EVENTS');
    addFixture(tree, name, fields);
  }
  await formatFiles(tree);
  return () => console.log('Now: npm run catalogue, which writes what follows from the class.');
}

function fieldOf(text: string): NewField {
  const [, name, optional, type] = FIELD.exec(text) ?? [];
  if (name === undefined || type === undefined || !(type in TYPES))
    throw new TypeError(
      `${text} is no field: name:type, where type is one of ${Object.keys(TYPES).join(', ')}`,
    );
  return { name, isOptional: optional !== undefined, type: TYPES[type as keyof typeof TYPES] };
}

const classNameOf = (name: string) =>
  name.replace(/(?:^|[-.])(.)/g, (_, letter: string) => letter.toUpperCase());

function rulesImport(fields: readonly NewField[]): string {
  const presence = fields.map(({ isOptional }) => (isOptional ? 'Optional' : 'Required'));
  const rules = [...new Set([...presence, ...fields.map(({ type }) => type.rule)])].sort();
  return rules.length === 0 ? '' : `import { ${rules.join(', ')} } from '../contract/field-rules.ts';\n`;
}

function tableOf(name: string, doc: string, key: string, fields: readonly NewField[]): string {
  return `import { TableType } from '../contract/event-type.decorator.ts';
${rulesImport(fields)}
@TableType('${name}', '${doc.replaceAll("'", "\\'")}', { key: '${key}', origin: 'another program' })
export class ${classNameOf(name)} {
${fields.map(declarationOf).join('')}}
`;
}

function classOf(name: string, doc: string, fields: readonly NewField[]): string {
  return `import { EventType } from '../contract/event-type.decorator.ts';
${rulesImport(fields)}import { WebEvent } from './web-event.ts';

@EventType('${name}', '${doc.replaceAll("'", "\\'")}')
export class ${classNameOf(name)} extends WebEvent {
  declare event_type: '${name}';
${fields.map(declarationOf).join('')}}
`;
}

function declarationOf({ name, isOptional, type }: NewField): string {
  return isOptional
    ? `\n@Optional()\n@${type.use}\n${name}?: ${type.type} | null;\n`
    : `\n@Required()\n@${type.use}\n${name}!: ${type.type};\n`;
}

function addLine(tree: Tree, name: string, list: 'EVENTS' | 'TABLE_CLASSES'): void {
  const path = `${FOLDER}/src/events/index.ts`;
  const lists = tree.read(path, 'utf8') ?? '';
  const added = lists.replace(
    new RegExp(`${list} = \\[([^\\]]*)\\]`),
    (_, names: string) => `${list} = [${names}, ${classNameOf(name)}]`,
  );
  tree.write(path, `import { ${classNameOf(name)} } from './${name}.ts';\n${added}`);
}

/** A record of the type as it lies in Kafka, frozen by its checksum. */
function addFixture(tree: Tree, name: string, fields: readonly NewField[]): void {
  const folder = `${FOLDER}/fixtures/v1`;
  const record = JSON.stringify({
    event_id: '01890a5d-ac96-774b-bcce-b302099a8057',
    event_type: name,
    schema_version: 1,
    ...Object.fromEntries(fields.map((field) => [field.name, field.type.example])),
    occurred_at: '2026-11-22T10:00:00.000Z',
    user_agent: 'curl/8.5.0',
    received_at: '2026-11-22T10:00:00.120Z',
  });
  tree.write(`${folder}/${name}.jsonl`, record);
  const sums = tree.read(`${folder}/SHA256SUMS`, 'utf8') ?? '';
  tree.write(
    `${folder}/SHA256SUMS`,
    `${sums}${createHash('sha256').update(record).digest('hex')}  ${name}.jsonl\n`,
  );
}
