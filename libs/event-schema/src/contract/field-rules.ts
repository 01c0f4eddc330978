import { Transform } from 'class-transformer';
import { IsDefined, IsIn, IsInt, IsOptional, ValidateBy, type ValidationOptions } from 'class-validator';
import { type Field } from '../event-type.ts';
import { parseInstant } from '../instant.ts';
import { isVisible, shownText } from '../shown-text.ts';
import { HALF_PAIR, MAX_WHOLE_DIGITS } from '../store-rules.ts';
import { isProperties } from './properties.ts';
import { type RejectionCode } from './rejection.ts';

/**
 * Recognises most of the right values of a field as they are: no rule of it refuses them, no transform changes them. One
 * look instead of five, and free to say no: then rules and transforms decide.
 */
export type Shortcut = (value: unknown) => boolean;

/** What the rules of this file say about themselves to `compileContract`. */
export interface RuleContext {
  readonly code: RejectionCode;
  readonly shortcut?: Shortcut;
}

/** Class-validator's options for a rule of ours; `$property` in the message becomes the field's name. */
export function because(code: RejectionCode, message: string, shortcut?: Shortcut): ValidationOptions {
  const context: RuleContext = { code, ...(shortcut && { shortcut }) };
  return { message: `$property ${message}`, context };
}

type Declared = { -readonly [Fact in keyof Field]?: Field[Fact] } & { isStored?: false };

const declaredFields = new WeakMap<object, Map<string, Declared>>();

/** A rule that checks nothing: what the catalogue is to know of the field. */
function declare(facts: Declared): PropertyDecorator {
  return (prototype, name) => {
    const fields = declaredFields.get(prototype) ?? new Map<string, Declared>();
    declaredFields.set(prototype, fields.set(String(name), { ...fields.get(String(name)), ...facts }));
  };
}

/** The stored fields that a class declares itself, in its order, without those of its parents. */
export function declaredFieldsOf(contract: { readonly name: string; readonly prototype: object }): Field[] {
  return [...(declaredFields.get(contract.prototype) ?? [])]
    .filter(([, { isStored = true }]) => isStored)
    .map(([name, { isStored: _, type = 'text', ...facts }]) => ({ name, type, ...facts }));
}

function all(...rules: PropertyDecorator[]): PropertyDecorator {
  return (target, name) => rules.forEach((rule) => rule(target, name));
}

function rule(
  name: string,
  validate: (value: unknown) => boolean,
  options: ValidationOptions,
  constraints: readonly number[] = [],
): PropertyDecorator {
  return ValidateBy({ name, constraints: [...constraints], validator: { validate } }, options);
}

function onText(isRight: (value: string) => boolean): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && isRight(value);
}

/** Absent and null are refused. `doc`: one phrase, for the documentation and the comment of its column. */
export function Required(doc?: string): PropertyDecorator {
  const facts = { isRequired: true, ...(doc && { doc }) } as const;
  return all(IsDefined(because('field-missing', 'is required')), declare(facts));
}

/** Absent and null are fine, and mean the same. */
export function Optional(doc?: string): PropertyDecorator {
  return all(IsOptional(), declare(doc === undefined ? {} : { doc }));
}

/** The collector reads it and drops it. */
export function NotStored(): PropertyDecorator {
  return declare({ isStored: false });
}

/**
 * A text that people see among others. Leading and trailing white space and the controls of direction go before the other
 * rules look (they are typed and pasted unseen, so the sender is not refused for them); something visible must be left.
 */
export function Shown(): PropertyDecorator {
  return all(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? shownText(value) : value), {
      toClassOnly: true,
    }),
    rule('isVisible', onText(isVisible), because('field-empty', 'must hold a visible character')),
  );
}

/** Unicode category Cc. */
// eslint-disable-next-line no-control-regex -- finding them is the purpose
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;

/** Printable ASCII, nothing to trim; every rule about characters holds. */
const PLAIN_TEXT = /^[!-~](?:[ -~]*[!-~])?$/;

/** One line of text: `min` to `max` characters (code points), none of them a control character. */
export function Text({
  min,
  max,
  type = 'text',
}: {
  min: number;
  max: number;
  type?: 'text' | 'words' | 'address';
}): PropertyDecorator {
  const isPlain = onText((value) => value.length >= min && value.length <= max && PLAIN_TEXT.test(value));
  return all(
    rule('isText', (value) => typeof value === 'string', because('field-type', 'must be a string', isPlain)),
    rule(
      'minCharacters',
      onText((value) => value.length >= min),
      because('field-empty', 'must not be empty'),
      [min],
    ),
    rule(
      'maxCharacters',
      onText((value) => hasAtMost(value, max)),
      because('field-too-long', `must have at most ${max} characters`),
      [max],
    ),
    rule(
      'noControlCharacters',
      onText((value) => !CONTROL_CHARACTER.test(value)),
      because('field-control-characters', 'must not hold control characters'),
    ),
    rule(
      'wellFormed',
      onText((value) => !HALF_PAIR.test(value)),
      because('field-malformed-text', 'must be well-formed Unicode'),
    ),
    declare({ type, limit: max }),
  );
}

/** A text that only the size of its event bounds: it may be empty, have several lines and hold control characters. */
export function Prose(): PropertyDecorator {
  const isRight = onText((value) => value.isWellFormed());
  return all(
    rule('isProse', (value) => typeof value === 'string', because('field-type', 'must be a string', isRight)),
    rule('wellFormed', isRight, because('field-malformed-text', 'must be well-formed Unicode')),
    declare({ type: 'prose' }),
  );
}

/** A flat object, see {@link isProperties}. */
export function Properties(): PropertyDecorator {
  return all(
    rule(
      'isProperties',
      isProperties,
      because(
        'field-type',
        'must be an object of at most 1,000 texts, numbers and booleans, whose names differ not in case only',
      ),
    ),
    declare({ type: 'properties' }),
  );
}

/** The text of a URL, at most `max` characters; it may be empty. */
export function Address({ max }: { max: number }): PropertyDecorator {
  return Text({ min: 0, max, type: 'address' });
}

/** Counts code points, and only where UTF-16 units leave a doubt. */
function hasAtMost(value: string, max: number): boolean {
  return value.length <= max || (value.length <= 2 * max && Array.from(value).length <= max);
}

/** One of a closed list of texts. */
export function OneOf(values: readonly string[], code: RejectionCode): PropertyDecorator {
  return all(IsIn(values, because(code, `must be one of ${values.join(', ')}`)), declare({ values }));
}

const MOST_WHOLE = 10 ** MAX_WHOLE_DIGITS - 1;

/** A whole number, at most from 0 to 999,999,999, which both stores keep in four bytes. */
export function WholeNumber({ min = 0, max = MOST_WHOLE } = {}): PropertyDecorator {
  return all(
    IsInt(because('field-type', 'must be a whole number')),
    rule(
      'isSmall',
      (value) => !Number.isInteger(value) || ((value as number) >= min && (value as number) <= max),
      because('number-out-of-range', `must be from ${min} to ${max}`),
      [min, max],
    ),
    declare({ type: 'integer' }),
  );
}

/** A whole number of 64 bits, as databases have them. A program that reads it as a double may not see its last digits. */
export function LongNumber(): PropertyDecorator {
  return all(IsInt(because('field-type', 'must be a whole number')), declare({ type: 'long' }));
}

/** A number that a double can hold. Both stores keep it digit for digit, and add and compare it as a double. */
export function Decimal(): PropertyDecorator {
  return all(
    rule(
      'isNumber',
      (value) => typeof value === 'number',
      because('field-type', 'must be a number', Number.isFinite),
    ),
    rule(
      'isFinite',
      Number.isFinite,
      because('number-out-of-range', 'must be a number that a double can hold'),
    ),
    declare({ type: 'number' }),
  );
}

export function Flag(): PropertyDecorator {
  return all(
    rule('isFlag', (value) => typeof value === 'boolean', because('field-type', 'must be true or false')),
    declare({ type: 'boolean' }),
  );
}

/** An address of the Internet Protocol, or a network of them: `192.0.2.0`, `2001:db8::`. */
export function Network(): PropertyDecorator {
  return all(Text({ min: 1, max: 64 }), declare({ type: 'network' }));
}

const NANOSECONDS = /^(?:0|[1-9]\d{0,18})$/;
const MOST_NANOSECONDS = String(2n ** 63n - 1n);

/** Nanoseconds since the epoch as a text of digits, at most the largest signed number of 64 bits (the year 2262). */
export function Nanoseconds(): PropertyDecorator {
  const isRight = onText(
    (value) =>
      NANOSECONDS.test(value) && (value.length < MOST_NANOSECONDS.length || value <= MOST_NANOSECONDS),
  );
  return all(
    rule(
      'isNanoseconds',
      isRight,
      because('time-invalid', `must be a text of digits, at most ${MOST_NANOSECONDS}`, isRight),
    ),
    declare({ type: 'nanoseconds' }),
  );
}

/** An ISO-8601 instant with a zone. */
export function Instant(): PropertyDecorator {
  return all(
    rule(
      'isInstant',
      onText((value) => !Number.isNaN(parseInstant(value))),
      because('time-invalid', 'must be an ISO-8601 time such as 2026-01-31T12:00:00.000Z'),
    ),
    declare({ type: 'instant' }),
  );
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NIL = '00000000-0000-0000-0000-000000000000';
const isUuid = onText((value) => UUID.test(value) && value !== NIL);

/** A UUID of any version; kept in lower case, so that one id has one spelling. The nil UUID names nothing. */
export function Uuid(): PropertyDecorator {
  return all(
    Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value), {
      toClassOnly: true,
    }),
    rule(
      'isUuid',
      isUuid,
      because('uuid-invalid', 'must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057', isUuid),
    ),
    declare({ type: 'uuid' }),
  );
}
