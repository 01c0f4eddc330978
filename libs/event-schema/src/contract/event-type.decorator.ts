import { type ClassConstructor } from 'class-transformer';
import { type Ingress } from '../event-type.ts';
import { type PipelineEvent } from '../events/pipeline-event.ts';

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
  return (contract: ClassConstructor<PipelineEvent>): void => {
    declared.set(contract, { name, doc, versions, key, ingress });
  };
}

/** @throws TypeError for a class without `@EventType`. */
export function declaredEventType(contract: ClassConstructor<object>): DeclaredEventType {
  const found = declared.get(contract);
  if (found === undefined) throw new TypeError(`${contract.name} has no @EventType`);
  return found;
}
