import { type ClassConstructor } from 'class-transformer';
import { type EventTypeEntry, type Field } from '../event-type.ts';
import { CollectorFields } from '../events/collector-fields.ts';
import { WebEvent } from '../events/web-event.ts';
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
  const ofPage = declaredFieldsOf(WebEvent);
  const first = ofPage.filter(({ name }) => FIRST.includes(name));
  const rest = [...ofPage.filter((field) => !first.includes(field)), ...declaredFieldsOf(CollectorFields)];
  const entries = contracts.map((contract) => ({
    ...declaredEventType(contract),
    fields: [...first, ...declaredFieldsOf(contract), ...rest],
  }));
  for (const { name, fields } of entries) refuseNames(name, fields);
  refuseTwoTypes(entries.flatMap(({ fields }) => fields));
  return entries;
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
