import { type ClassConstructor } from 'class-transformer';
import { type EventTypeEntry, type Field, type Ingress } from '../event-type.ts';
import { CollectorFields, RECEIPT_FIELDS } from '../events/collector-fields.ts';
import { isReservedName } from '../store-rules.ts';
import { declaredEventType } from './event-type.decorator.ts';
import { declaredFieldsOf } from './field-rules.ts';

/** Columns that come before the fields of a type. */
const FIRST = ['event_id', 'event_type', 'schema_version'];

/**
 * Reads the catalogue from the decorators of event classes.
 * @throws TypeError for a name that a store or the pipeline gives a meaning, that a type has twice, or that has another type
 *   in another event type: stores, searches over several topics and readers of files have one column for a name.
 */
export function catalogueOf(contracts: readonly ClassConstructor<object>[]): EventTypeEntry[] {
  const entries = contracts.map((contract) => {
    const type = declaredEventType(contract);
    const inherited = inheritedFieldsOf(contract);
    const isFirst = ({ name }: Field) => FIRST.includes(name);
    const own = [...inherited.filter(isFirst), ...declaredFieldsOf(contract)];
    const rest = inherited.filter((field) => !isFirst(field));
    return { ...type, fields: [...own, ...rest, ...fieldsOfIngress(type.ingress)] };
  });
  for (const { name, fields } of entries) refuseNames(name, fields);
  refuseTwoTypes(entries.flatMap(({ fields }) => fields));
  return entries;
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
