import { HALF_PAIR, isReservedName } from '../store-rules.ts';
import { REJECTION_CODES, type Rejection, type RejectionCode } from '../contract/rejection.ts';

/** Bounds of what an event may carry beyond its contract, narrower than those of the stores. */
export const UNKNOWN_FIELD_LIMITS = { nesting: 16, values: 1_000, nameCharacters: 128 } as const;

/** Names that reach an object's prototype. */
const PROTOTYPE_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const HALF_PAIRS = new RegExp(HALF_PAIR, 'g');

/** Elasticsearch reads a dot as nesting and refuses blank names. */
const INVALID_NAME = /[.\p{Cc}\s]/u;

/**
 * Names that were right at the first level, are in lower case and of no contract that they were met with: they are right whatever they hold
 * and wherever they are. Mostly the same few come again and again.
 */
const rightNames = new Set<string>();
const MOST_RIGHT_NAMES = 1_024;

/** What the last {@link checkUnknownFields} met, so that its caller need not look through the fields again. */
export const met = {
  /** A number. */
  number: false,
};

/** Walks the fields of one event that its contract does not know; one walk per event, stopped by the first fault. */
class UnknownFieldsWalk {
  private values = 0;

  constructor(private readonly known: ReadonlySet<string>) {}

  topLevel(event: Record<string, unknown>): Rejection | undefined {
    let isLower = true;
    for (const name in event) {
      if (this.known.has(name)) continue;
      const value = event[name];
      if (!rightNames.has(name)) {
        if (name !== name.toLowerCase()) isLower = false;
        const fault = this.topLevelName(name);
        if (fault !== undefined) return fault;
      }
      const rejection = this.value(value, name, 1);
      if (rejection !== undefined) return rejection;
    }
    return isLower ? undefined : refuseTwins(Object.keys(event), '');
  }

  private topLevelName(name: string): Rejection | undefined {
    const lower = name.toLowerCase();
    if (this.known.has(lower) || isReservedName(name, this.known)) return reject('field-reserved', name);
    const rejection = nameFault(name, name);
    if (rejection === undefined && lower === name) rememberRight(name);
    return rejection;
  }

  private field(name: string, value: unknown, path: string, depth: number): Rejection | undefined {
    return (rightNames.has(name) ? undefined : nameFault(name, path)) ?? this.value(value, path, depth);
  }

  private value(value: unknown, path: string, depth: number): Rejection | undefined {
    this.values += 1;
    if (this.values > UNKNOWN_FIELD_LIMITS.values) return reject('too-many-values', path);
    if (typeof value === 'string')
      return HALF_PAIR.test(value) ? reject('field-malformed-text', path) : undefined;
    if (typeof value === 'number') {
      met.number = true;
      return Number.isFinite(value) ? undefined : reject('number-out-of-range', path);
    }
    if (typeof value !== 'object' || value === null) return undefined;
    if (depth === UNKNOWN_FIELD_LIMITS.nesting) return reject('nested-too-deep', path);
    return this.container(value, path, depth + 1);
  }

  private container(container: object, path: string, depth: number): Rejection | undefined {
    for (const [name, value] of Object.entries(container)) {
      const inner = `${path}.${name}`;
      const rejection = Array.isArray(container)
        ? this.value(value, inner, depth)
        : this.field(name, value, inner, depth);
      if (rejection !== undefined) return rejection;
    }
    return Array.isArray(container) ? undefined : refuseTwins(Object.keys(container), `${path}.`);
  }
}

function nameFault(name: string, path: string): Rejection | undefined {
  if (PROTOTYPE_NAMES.has(name)) return reject('field-reserved', path);
  const isRight = name !== '' && name.length <= UNKNOWN_FIELD_LIMITS.nameCharacters;
  const isInvalid = !isRight || INVALID_NAME.test(name) || HALF_PAIR.test(name);
  return isInvalid ? reject('field-name-invalid', path) : undefined;
}

function rememberRight(name: string): void {
  if (rightNames.size >= MOST_RIGHT_NAMES) rightNames.clear();
  rightNames.add(name);
}

/** Hive and Spark compare names without regard to case: of two such names one would hide the other. */
function refuseTwins(names: readonly string[], parent: string): Rejection | undefined {
  if (names.every((name) => name === name.toLowerCase())) return undefined;
  const met = new Set<string>();
  const twin = names.find((name) => met.size === met.add(name.toLowerCase()).size);
  return twin === undefined ? undefined : reject('field-reserved', `${parent}${twin}`);
}

/**
 * What is wrong with the fields that no contract knows, the first fault only: they are kept as they are, so they must
 * not be able to hurt the stores (names, nesting, numbers) or pass for a field of the pipeline.
 * @param known every name of the event's contract, in lower case.
 */
export function checkUnknownFields(
  event: Record<string, unknown>,
  known: ReadonlySet<string>,
): Rejection | undefined {
  met.number = false;
  for (const name in event) {
    if (!known.has(name)) return new UnknownFieldsWalk(known).topLevel(event);
  }
  return undefined;
}

/** A path repeats names that the client chose: it is cut. */
function reject(code: RejectionCode, path: string): Rejection {
  return { code, message: REJECTION_CODES[code], path: path.slice(0, 200).replaceAll(HALF_PAIRS, '\ufffd') };
}
