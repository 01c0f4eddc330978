import { type ClassConstructor } from 'class-transformer';
import { type Ingress, type TableEntry } from '../event-type.ts';

/** What `@EventType` says of a class of events. */
export interface DeclaredEventType {
  readonly name: string;
  readonly doc: string;
  readonly versions: readonly number[];
  readonly key: readonly string[];
  readonly ingress: Ingress;
}

const declared = new WeakMap<object, DeclaredEventType>();

/**
 * Makes a class an event type. Its name is also that of its topic.
 * @param doc one sentence: what happened.
 * @param options `versions`: supported schema versions, ascending; `key`: fields of which the first that holds a text is the
 *   record key, so that its events stay in order; `ingress`: the only way in for its events.
 */
export function EventType(
  name: string,
  doc: string,
  {
    versions = [1],
    key = ['visitor_id'],
    ingress = 'http',
  }: Partial<Pick<DeclaredEventType, 'versions' | 'key' | 'ingress'>> = {},
) {
  return (contract: ClassConstructor<{ event_type: string }>): void => {
    declared.set(contract, { name, doc, versions, key, ingress });
  };
}

/** What `@TableType` says of a class of rows. */
export type DeclaredTable = Pick<TableEntry, 'name' | 'doc' | 'key' | 'origin'>;

const declaredTables = new WeakMap<object, DeclaredTable>();

/**
 * Makes a class a table: a topic of changes that another program than the collector writes. Its name is also that of its topic.
 * @param doc one sentence: what a row is.
 * @param options `key`: the field that names a row; `origin`: the program that writes the topic.
 */
export function TableType(name: string, doc: string, options: Pick<DeclaredTable, 'key' | 'origin'>) {
  return (contract: ClassConstructor<object>): void => {
    declaredTables.set(contract, { name, doc, ...options });
  };
}

/** @throws TypeError for a class without `@TableType`. */
export function declaredTable(contract: ClassConstructor<object>): DeclaredTable {
  const found = declaredTables.get(contract);
  if (found === undefined) throw new TypeError(`${contract.name} has no @TableType`);
  return found;
}

/** @throws TypeError for a class without `@EventType`. */
export function declaredEventType(contract: ClassConstructor<object>): DeclaredEventType {
  const found = declared.get(contract);
  if (found === undefined) throw new TypeError(`${contract.name} has no @EventType`);
  return found;
}
