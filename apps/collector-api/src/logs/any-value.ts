import { MAX_VALUE_DEPTH } from './otlp.ts';

const WHOLE = /^-?\d{1,20}$/;

/** JSON's reader may have rounded a number: its digits have to be read from the text. */
export class RoundedNumberError extends Error {}

/**
 * An OTLP value as a text: itself where it is one, its digits where it is a number, base64 where it is bytes, JSON where it is a
 * list or an object. An empty value is an empty text.
 * @returns undefined for what is no OTLP value, or nests deeper than `MAX_VALUE_DEPTH`.
 * @throws RoundedNumberError
 */
export function textOfValue(value: unknown): string | undefined {
  if (!isObject(value)) return isThere(value) ? undefined : '';
  const { stringValue } = value;
  if (typeof stringValue === 'string') return wellFormed(stringValue);
  const { intValue, boolValue, doubleValue, bytesValue, arrayValue, kvlistValue } = value;
  if (isThere(intValue)) return digitsOf(intValue);
  if (isThere(boolValue)) return typeof boolValue === 'boolean' ? String(boolValue) : undefined;
  if (isThere(doubleValue)) return textOfDouble(doubleValue);
  if (isThere(bytesValue)) return typeof bytesValue === 'string' ? wellFormed(bytesValue) : undefined;
  if (isThere(arrayValue) || isThere(kvlistValue)) return jsonOfValue(value, 0);
  return isThere(stringValue) ? undefined : '';
}

/** Half a surrogate pair has no form in UTF-8. */
export function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** The digits of a whole number of 64 bits, which JSON may spell as a text or as a number. @throws RoundedNumberError */
export function digitsOf(value: unknown): string | undefined {
  if (typeof value === 'string') return WHOLE.test(value) ? value : undefined;
  if (!Number.isInteger(value)) return undefined;
  if (!Number.isSafeInteger(value)) throw new RoundedNumberError();
  return String(value);
}

const NOT_FINITE: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity']);

function textOfDouble(value: unknown): string | undefined {
  if (typeof value === 'number' || NOT_FINITE.has(value)) return String(value);
  const isNumber = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  return isNumber ? String(Number(value)) : undefined;
}

/** JSON of a value; of two fields of one name the last counts. */
function jsonOfValue(value: unknown, depth: number): string | undefined {
  if (!isObject(value)) return isThere(value) ? undefined : 'null';
  const { arrayValue, kvlistValue, intValue, doubleValue, boolValue } = value;
  if (!Object.values(value).some(isThere)) return 'null';
  if (isThere(arrayValue)) return jsonOfList(arrayValue, depth + 1);
  if (isThere(kvlistValue)) return jsonOfPairs(kvlistValue, depth + 1);
  const text = textOfValue(value);
  const isSpeltSo =
    isThere(intValue) || isThere(boolValue) || (isThere(doubleValue) && !NOT_FINITE.has(text));
  return text === undefined || isSpeltSo ? text : JSON.stringify(text);
}

function jsonOfList(list: unknown, depth: number): string | undefined {
  const texts = valuesOf(list, depth)?.map((value) => jsonOfValue(value, depth));
  return texts === undefined || texts.includes(undefined) ? undefined : `[${texts.join(',')}]`;
}

function jsonOfPairs(list: unknown, depth: number): string | undefined {
  const pairs = valuesOf(list, depth);
  if (pairs === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const pair of pairs) {
    if (!isObject(pair)) return undefined;
    const { key = '', value } = pair;
    const json = jsonOfValue(value, depth);
    if (typeof key !== 'string' || json === undefined) return undefined;
    fields.set(JSON.stringify(wellFormed(key)), json);
  }
  return `{${[...fields].map(([name, json]) => `${name}:${json}`).join(',')}}`;
}

function valuesOf(list: unknown, depth: number): readonly unknown[] | undefined {
  if (!isObject(list) || depth > MAX_VALUE_DEPTH) return undefined;
  const { values = [] } = list;
  return Array.isArray(values) ? (values as unknown[]) : undefined;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}
