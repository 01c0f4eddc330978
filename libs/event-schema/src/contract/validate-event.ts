import { compileContract, type CompiledContract } from './compile-contract.ts';
import { EVENT_TYPES, type EventType } from './event-types.ts';
import { type PageViewEvent } from './page-view-event.ts';
import { REJECTION_CODES, type Rejection, type RejectionCode } from './rejection.ts';
import { type SelectColorEvent } from './select-color-event.ts';
import { checkUnknownFields, met } from './unknown-fields.ts';

/** An event that keeps its contract; unknown fields are still in it. The collector adds its own fields. */
export type ValidEvent = (SelectColorEvent | PageViewEvent) & Record<string, unknown>;

/** The verdict on one incoming value. */
export type Validation =
  | {
      readonly ok: true;
      readonly event: ValidEvent;
      readonly topic: string;
      readonly latestVersion: number;
      /** Every name of its contract; all others are unknown fields. */
      readonly known: ReadonlySet<string>;
      /** Whether an unknown field is or holds a number. */
      readonly hasUnknownNumber: boolean;
    }
  | { readonly ok: false; readonly rejections: readonly [Rejection, ...Rejection[]] };

/** Set by the collector; what a page sends under these names is replaced. */
export const COLLECTOR_FIELDS = [
  'user_agent',
  'received_at',
  'occurred_at_original',
  'is_bot',
  'bot_reason',
  'client_network',
] as const;

interface Checker extends Pick<CompiledContract, 'check'> {
  readonly topic: string;
  readonly versions: readonly number[];
  readonly latestVersion: number;
  readonly known: ReadonlySet<string>;
}

const checkers = new Map(
  Object.entries<EventType>(EVENT_TYPES).map(([name, type]) => [name, checkerOf(type)]),
);

function checkerOf({ contract, topic, versions }: EventType): Checker {
  const { fields, check } = compileContract(contract);
  const known = new Set<string>([...fields, ...COLLECTOR_FIELDS]);
  return { check, known, topic: topic.name, versions, latestVersion: versions.at(-1)! };
}

/**
 * Checks one parsed value against the contract of its type. The object is changed in place: texts are trimmed, ids put
 * in lower case. A refusal names every wrong field of the contract; paths are relative to the event.
 */
export function validateEvent(value: unknown): Validation {
  if (!isObject(value)) return refuse('not-an-object', '');
  const type = value['event_type'];
  if (type === undefined || type === null) return refuse('field-missing', 'event_type');
  if (typeof type !== 'string') return refuse('field-type', 'event_type');
  const checker = checkers.get(type);
  if (checker === undefined) return refuse('event-type-unknown', 'event_type');
  const rejections = checker.check(value) ?? [];
  const version = value['schema_version'] ?? checker.latestVersion;
  if (Number.isInteger(version) && !checker.versions.includes(version as number)) {
    rejections.push(rejection('schema-version-unsupported', 'schema_version'));
  }
  const unknown = checkUnknownFields(value, checker.known);
  if (unknown !== undefined) rejections.push(unknown);
  const [first, ...others] = rejections;
  if (first !== undefined) return { ok: false, rejections: [first, ...others] };
  const { topic, latestVersion, known } = checker;
  return {
    ok: true,
    event: value as ValidEvent,
    topic,
    latestVersion,
    known,
    hasUnknownNumber: met.number,
  };
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
