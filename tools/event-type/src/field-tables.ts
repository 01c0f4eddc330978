import {
  DELETED_AT,
  type EventTypeEntry,
  type Field,
  LINEAGE_FIELDS,
  type TableEntry,
} from '@pipeline/event-schema';

/** The documentation of all event types and tables: a list of fields for each. */
export function fieldTables(types: readonly (EventTypeEntry | TableEntry)[]): string {
  return `# Event types and tables

Generated from \`libs/event-schema/src/events\`: \`npm run catalogue\`. How to add one: [new-event-type.md](new-event-type.md).

${types.map((type) => (type.kind === 'event' ? section(type) : tableSection(type))).join('\n')}
`;
}

const INGRESSES: Readonly<Record<EventTypeEntry['ingress'], string>> = {
  http: 'comes in by `POST /v1/events`',
  mqtt: 'made by device-gateway',
  otlp: 'made by collector-api of what comes in by `POST /v1/logs`',
};

function section({ name, doc, versions, key, ingress, fields }: EventTypeEntry): string {
  return `## ${name}

${doc} Topic \`${name}\`; ${INGRESSES[ingress]}; schema version ${versions.join(', ')}; record key ${[...key, 'event_id'].map((field) => `\`${field}\``).join(', else ')}.

| field | type | required | meaning |
| --- | --- | --- | --- |
${[...fields, ...LINEAGE_FIELDS].map(row).join('\n')}
`;
}

/** A field; in a table no limit is enforced. */
type Shown = Omit<Field, 'limit'> & { readonly limit?: number | undefined };

function tableSection({ name, doc, key, origin, fields }: TableEntry): string {
  const columns = [...fields, DELETED_AT, ...LINEAGE_FIELDS].map((field) => ({ ...field, limit: undefined }));
  return `## ${name}

${doc} A table: written by ${origin}. Topic \`${name}\`, compacted; the newest record of a \`${key}\` is the row, a record without a value deletes it.

| field | type | required | meaning |
| --- | --- | --- | --- |
${columns.map(row).join('\n')}
`;
}

function row({ name, type, limit, values, isRequired, doc = '' }: Shown): string {
  const bounds = values?.join(', ') ?? (limit === undefined ? '' : `at most ${limit} characters`);
  const of = type === 'words' ? 'text' : type;
  return `| \`${name}\` | ${bounds === '' ? of : `${of}: ${bounds}`} | ${isRequired ? 'yes' : ''} | ${doc} |`;
}
