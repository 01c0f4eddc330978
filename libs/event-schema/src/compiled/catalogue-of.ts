import { type ClassConstructor } from 'class-transformer';
import { type EventTypeEntry, type Field, type Ingress, type TableEntry } from '../event-type.ts';
import { CollectorFields, RECEIPT_FIELDS } from '../events/collector-fields.ts';
import { isReservedName } from '../store-rules.ts';
import { declaredEventType, declaredTable } from '../contract/event-type.decorator.ts';
import { declaredFieldsOf } from '../contract/field-rules.ts';

/** Columns that come before the fields of a type. */
const FIRST = ['event_id', 'event_type', 'schema_version'];

/**
 * Reads the catalogue from the decorators of event classes and of classes of rows.
 * @throws TypeError for a name that a store or the pipeline gives a meaning, that a type has twice, or that has another type
 *   in another event type: stores, searches over several topics and readers of files have one column for a name. A table has an index
 *   and a folder of its own, so its names may have other types; its key must be one of its fields.
 */
export function catalogueOf(
  contracts: readonly ClassConstructor<object>[],
  tables: readonly ClassConstructor<object>[] = [],
): (EventTypeEntry | TableEntry)[] {
  const entries = contracts.map((contract) => {
    const type = declaredEventType(contract);
    const inherited = inheritedFieldsOf(contract);
    const isFirst = ({ name }: Field) => FIRST.includes(name);
    const own = [...inherited.filter(isFirst), ...declaredFieldsOf(contract)];
    const rest = inherited.filter((field) => !isFirst(field));
    return {
      kind: 'event' as const,
      identity: 'event_id' as const,
      ...type,
      fields: [...own, ...rest, ...fieldsOfIngress(type.ingress)],
    };
  });
  for (const { name, fields } of entries) refuseNames(name, fields);
  refuseTwoTypes(entries.flatMap(({ fields }) => fields));
  const all = [...entries, ...tables.map(tableEntry)];
  const twice = all.find(({ name }, at) => all.findIndex((entry) => entry.name === name) !== at);
  if (twice !== undefined) throw new TypeError(`two types are called ${twice.name}`);
  return all;
}

function tableEntry(contract: ClassConstructor<object>): TableEntry {
  const fields = declaredFieldsOf(contract);
  const declared = declaredTable(contract);
  refuseNames(declared.name, fields);
  const key = fields.find(({ name }) => name === declared.key);
  if (!key?.isRequired || key.type === 'boolean')
    throw new TypeError(`${declared.name}: the key ${declared.key} is no required text or number`);
  return { kind: 'table', identity: 'key', ...declared, fields };
}

/** The fields of the base classes, those of the first one first. */
function inheritedFieldsOf(contract: object): Field[] {
  const parent = Object.getPrototypeOf(contract) as ClassConstructor<object>;
  return parent.prototype === undefined ? [] : [...inheritedFieldsOf(parent), ...declaredFieldsOf(parent)];
}

function fieldsOfIngress(ingress: Ingress): Field[] {
  const ofEach: readonly string[] = RECEIPT_FIELDS;
  return declaredFieldsOf(CollectorFields).filter(({ name }) => ingress === 'http' || ofEach.includes(name));
}

function refuseNames(type: string, fields: readonly Field[]): void {
  const names = fields.map(({ name }) => name);
  const wrong = names.find((name, at) => isReservedName(name) || names.indexOf(name) !== at);
  if (wrong !== undefined) throw new TypeError(`${type}: the field name ${wrong} is taken`);
}

function refuseTwoTypes(fields: readonly Field[]): void {
  const types = new Map<string, string>();
  for (const { name, type } of fields) {
    const known = types.get(name) ?? type;
    if (known !== type) throw new TypeError(`${name} is ${known} in one event type and ${type} in another`);
    types.set(name, type);
  }
}
