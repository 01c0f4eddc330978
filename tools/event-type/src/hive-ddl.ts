import {
  DELETED_AT,
  type EventTypeEntry,
  type Field,
  type FieldType,
  LINEAGE_FIELDS,
  type TableEntry,
} from '@pipeline/event-schema';

const COLUMN_TYPES: Readonly<Partial<Record<FieldType, string>>> = {
  integer: 'int',
  long: 'bigint',
  number: 'double',
  boolean: 'boolean',
  properties: 'map<string,string>',
};

/**
 * The DDL of a type: an external table over its folder in HDFS, and a view with one row per event id, or per key of a table
 * where it is not deleted.
 */
export function hiveDdl(entry: EventTypeEntry | TableEntry): string {
  return entry.kind === 'event' ? eventDdl(entry) : tableDdl(entry);
}

function eventDdl({ name, doc, fields }: EventTypeEntry): string {
  const columns = [...fields, ...LINEAGE_FIELDS];
  const names = columns.map((field) => field.name);
  return `-- Generated from the event type ${name}: npm run catalogue
-- ${doc} Run once; it changes no file.

-- Every row of every file: one per Kafka record, so an event that a browser sent twice is here twice.
${rawTable(name, columns)}
-- One row per event_id: the copy that was received first. The document in Elasticsearch is the same one.
CREATE OR REPLACE VIEW ${hiveName(name)} AS
SELECT
${lines([...names, 'dt', 'hour'])}
FROM (
  SELECT
    raw.*,
    row_number() OVER (
      PARTITION BY event_id ORDER BY received_at NULLS FIRST, kafka_partition, kafka_offset
    ) AS copy
  FROM ${hiveName(name)}_raw raw
) copies
WHERE copy = 1;
`;
}

function tableDdl({ name, doc, key, fields }: TableEntry): string {
  const names = [...fields, ...LINEAGE_FIELDS].map((field) => field.name);
  return `-- Generated from the table ${name}: npm run catalogue
-- ${doc} Run once; it changes no file.

-- Every change of every row: one per Kafka record, deletions included.
${rawTable(name, [...fields, DELETED_AT, ...LINEAGE_FIELDS])}
-- One row per ${key}: its newest change, unless that is a deletion. The document in Elasticsearch is the same one.
CREATE OR REPLACE VIEW ${hiveName(name)} AS
SELECT
${lines([...names, 'dt', 'hour'])}
FROM (
  SELECT
    raw.*,
    row_number() OVER (PARTITION BY ${key} ORDER BY kafka_offset DESC) AS age
  FROM ${hiveName(name)}_raw raw
) changes
WHERE age = 1 AND ${DELETED_AT.name} IS NULL;
`;
}

function hiveName(name: string): string {
  return name.replaceAll(/[-.]/g, '_');
}

function rawTable(name: string, columns: readonly Field[]): string {
  const table = hiveName(name);
  const width = Math.max(...columns.map((field) => field.name.length)) + 1;
  return `CREATE EXTERNAL TABLE IF NOT EXISTS ${table}_raw (
${columns.map((field) => `  ${column(field, width)}`).join(',\n')}
)
PARTITIONED BY (
  dt   string COMMENT 'UTC day of the time of append to Kafka: 2026-11-22',
  hour string COMMENT 'UTC hour: 00 to 23'
)
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.JsonSerDe'
STORED AS TEXTFILE
LOCATION '/pipeline/${name}'
TBLPROPERTIES ('discover.partitions' = 'true');

-- Finds the hour folders that are there now. Again for each new hour, or let the metastore do it: see README.md.
MSCK REPAIR TABLE ${table}_raw;
`;
}

function column({ name, type, doc }: Field, width: number): string {
  const comment = doc === undefined ? '' : ` COMMENT '${doc.replaceAll("'", "\\'").replaceAll(';', ',')}'`;
  return `${name.padEnd(width)}${COLUMN_TYPES[type] ?? 'string'}${comment}`;
}

/** Names as lines of at most 100 characters. */
function lines(names: readonly string[]): string {
  const made: string[] = [];
  for (const name of names) {
    const last = made.at(-1);
    if (last === undefined || last.length + name.length > 98) made.push(`  ${name}`);
    else made[made.length - 1] = `${last}, ${name}`;
  }
  return made.join(',\n');
}
