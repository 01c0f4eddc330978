import { type ClassConstructor } from 'class-transformer';
import { type Ingress } from '../event-type.ts';
import { CollectorFields } from '../events/collector-fields.ts';
import { EVENTS } from '../events/index.ts';
import { compileContract, type CompiledContract } from './compile-contract.ts';
import { declaredEventType } from '../contract/event-type.decorator.ts';
import { declaredFieldsOf } from '../contract/field-rules.ts';
import { REJECTION_CODES, type Rejection, type RejectionCode } from '../contract/rejection.ts';
import { checkUnknownFields, met } from './unknown-fields.ts';

/** An event that keeps its contract; unknown fields are still in it. The collector adds its own fields. */
export type ValidEvent = InstanceType<(typeof EVENTS)[number]> & Record<string, unknown>;

/** The verdict on one incoming value. */
export type Validation =
  | {
      readonly ok: true;
      readonly event: ValidEvent;
      readonly topic: string;
      readonly latestVersion: number;
      /** Fields of which the first that holds a text is the record key. */
      readonly key: readonly string[];
      /** Names of its contract whose values may be written in another spelling; all others keep theirs. */
      readonly respelt: ReadonlySet<string>;
      /** Whether a field that keeps its spelling is or holds a number. */
      readonly hasSpeltNumber: boolean;
    }
  | { readonly ok: false; readonly rejections: readonly [Rejection, ...Rejection[]] };

/** Set by the collector; what a page sends under these names is replaced. */
export const COLLECTOR_FIELDS: readonly string[] = declaredFieldsOf(CollectorFields).map(({ name }) => name);

interface Checker extends Pick<CompiledContract, 'check'> {
  readonly topic: string;
  readonly versions: readonly number[];
  readonly latestVersion: number;
  readonly key: readonly string[];
  readonly ingress: Ingress;
  /** Every name that is checked by its own rules. */
  readonly known: ReadonlySet<string>;
  /** The names that are `known`, without numbers, which keep their spelling. */
  readonly respelt: ReadonlySet<string>;
  readonly numbers: readonly string[];
}

const checkers = new Map(EVENTS.map(checkerOf).map((checker) => [checker.topic, checker]));

function checkerOf(contract: ClassConstructor<object>): Checker {
  const { name, versions, key, ingress } = declaredEventType(contract);
  const { fields, check } = compileContract(contract);
  const known = new Set<string>([...fields, ...COLLECTOR_FIELDS]);
  const numbers = declaredFieldsOf(contract)
    .filter(({ type }) => type === 'number')
    .map(({ name: field }) => field);
  const respelt = new Set([...known].filter((field) => !numbers.includes(field)));
  const latestVersion = versions.at(-1)!;
  return { check, known, respelt, numbers, key, ingress, topic: name, versions, latestVersion };
}

/**
 * Checks one parsed value against the contract of its type. The object is changed in place: texts are trimmed, ids put
 * in lower case. A refusal names every wrong field of the contract; paths are relative to the event.
 * @param ingress the way by which it came.
 */
export function validateEvent(value: unknown, ingress: Ingress = 'http'): Validation {
  if (!isObject(value)) return refuse('not-an-object', '');
  const type = value['event_type'];
  if (type === undefined || type === null) return refuse('field-missing', 'event_type');
  if (typeof type !== 'string') return refuse('field-type', 'event_type');
  const checker = checkers.get(type);
  if (checker === undefined) return refuse('event-type-unknown', 'event_type');
  if (checker.ingress !== ingress) return refuse('event-type-not-taken', 'event_type');
  const rejections = checker.check(value) ?? [];
  const version = value['schema_version'] ?? checker.latestVersion;
  if (Number.isInteger(version) && !checker.versions.includes(version as number)) {
    rejections.push(rejection('schema-version-unsupported', 'schema_version'));
  }
  const unknown = checkUnknownFields(value, checker.known);
  if (unknown !== undefined) rejections.push(unknown);
  const [first, ...others] = rejections;
  if (first !== undefined) return { ok: false, rejections: [first, ...others] };
  const { topic, latestVersion, key, respelt, numbers } = checker;
  const hasSpeltNumber = met.number || numbers.some((name) => value[name] !== undefined);
  return { ok: true, event: value as ValidEvent, topic, latestVersion, key, respelt, hasSpeltNumber };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function rejection(code: RejectionCode, path: string): Rejection {
  return { code, message: REJECTION_CODES[code], path };
}

function refuse(code: RejectionCode, path: string): Validation {
  return { ok: false, rejections: [rejection(code, path)] };
}

/** Takes out of an event what its sender put under the names of the collector's fields. */
export function dropCollectorFields(event: ValidEvent): void {
  if (!carriesCollectorFields(event)) return;
  // A field that is not there is not made: the object keeps the shape in which it was parsed.
  for (const name of COLLECTOR_FIELDS) if (event[name] !== undefined) event[name] = undefined;
}

/** Unrolled: names in a list are looked up anew for each event, which is slow for names that are not there. */
function carriesCollectorFields(event: Readonly<Record<string, unknown>>): boolean {
  const { user_agent, received_at, occurred_at_original, is_bot, bot_reason, client_network } = event;
  if (user_agent !== undefined || received_at !== undefined || occurred_at_original !== undefined)
    return true;
  return is_bot !== undefined || bot_reason !== undefined || client_network !== undefined;
}
