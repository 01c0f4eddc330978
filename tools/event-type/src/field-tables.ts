import { type EventTypeEntry, type Field, LINEAGE_FIELDS } from '@pipeline/event-schema';

/** The documentation of all event types: a table of fields for each. */
export function fieldTables(types: readonly EventTypeEntry[]): string {
  return `# Event types

Generated from \`libs/event-schema/src/events\`: \`npm run catalogue\`. How to add one: [new-event-type.md](new-event-type.md).

${types.map(section).join('\n')}
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

function row({ name, type, limit, values, isRequired, doc = '' }: Field): string {
  const bounds = values?.join(', ') ?? (limit === undefined ? '' : `at most ${limit} characters`);
  const of = type === 'words' ? 'text' : type;
  return `| \`${name}\` | ${bounds === '' ? of : `${of}: ${bounds}`} | ${isRequired ? 'yes' : ''} | ${doc} |`;
}
