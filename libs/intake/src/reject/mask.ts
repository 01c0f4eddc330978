import { EVENT_TYPES, type FieldType } from '@pipeline/event-schema';

/** Types of fields that say what happened and not to whom: they stay readable, at most this many characters of them. */
const READABLE_TYPES: readonly FieldType[] = [
  'uuid',
  'instant',
  'integer',
  'long',
  'nanoseconds',
  'number',
  'boolean',
];
const READABLE_CHARACTERS = 64;

const FIELDS = EVENT_TYPES.flatMap(({ fields }) => fields);

const READABLE: ReadonlySet<string> = new Set([
  ...['event_type', 'sent_at'],
  ...FIELDS.filter(({ type, values }) => values !== undefined || READABLE_TYPES.includes(type)).map(nameOf),
]);

const ADDRESSES: ReadonlySet<string> = new Set(FIELDS.filter(({ type }) => type === 'address').map(nameOf));

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

const ORIGIN = /^https?:\/\/[^/?#@\s]{1,255}(?=[/?#]|$)/i;

const LETTERS_AND_DIGITS = /[^\p{P}\p{Z}\p{Cc}\p{Cf}\p{Cs}]/gu;

/**
 * The text with an `x` for everything but punctuation, white space and what is no character. Length and faults stay,
 * so a masked event is refused for the same reason as the event.
 */
export function maskText(text: string): string {
  return text.replace(LETTERS_AND_DIGITS, 'x');
}

function maskAddress(text: string): string {
  const origin = ORIGIN.exec(text)?.[0] ?? '';
  return origin + maskText(text.slice(origin.length));
}

const MAX_DEPTH = 32;
const MAX_VALUES = 2_000;

/** Copies one refused value within bounds; one copier per value. */
export class BoundedCopy {
  /** Whether something did not fit. */
  isCut = false;
  private values = 0;

  /** @param charactersLeft most characters of texts and names that are copied. */
  constructor(
    private charactersLeft: number,
    private readonly isMasking: boolean,
  ) {}

  of(value: unknown, depth = 0): unknown {
    this.values += 1;
    if (depth > MAX_DEPTH || this.values > MAX_VALUES) {
      this.isCut = true;
      return null;
    }
    if (typeof value === 'string') return this.text(value, maskText);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return this.list(value, depth);
    return this.fields(value, depth);
  }

  private list(values: readonly unknown[], depth: number): unknown[] {
    const copies: unknown[] = [];
    for (const value of values) {
      copies.push(this.of(value, depth + 1));
      if (this.isCut) break;
    }
    return copies;
  }

  private fields(value: object, depth: number): object {
    const copies: [string, unknown][] = [];
    for (const [name, inner] of Object.entries(value)) {
      copies.push([this.text(name, String), this.field(name, inner, depth)]);
      if (this.isCut) break;
    }
    // Makes own fields whatever their names are, `__proto__` too.
    return Object.fromEntries(copies);
  }

  private field(name: string, value: unknown, depth: number): unknown {
    if (depth > 0 || typeof value !== 'string') return this.of(value, depth + 1);
    if (READABLE.has(name) && value.length <= READABLE_CHARACTERS) return this.text(value, String);
    return this.text(value, ADDRESSES.has(name) ? maskAddress : maskText);
  }

  private text(text: string, mask: (text: string) => string): string {
    const kept = text.length <= this.charactersLeft ? text : text.slice(0, this.charactersLeft);
    if (kept !== text) this.isCut = true;
    this.charactersLeft -= kept.length;
    return this.isMasking ? mask(kept) : kept;
  }
}
