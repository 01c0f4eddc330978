import { z } from 'zod';

/** One documented key of the environment. `fallback` is what an unset or empty key means; none makes it required. */
export interface Setting<T> {
  readonly key: string;
  readonly doc: string;
  readonly unit?: string;
  readonly fallback?: string;
  /** Never printed: its value is replaced by `***` wherever settings are shown. */
  readonly secret?: boolean;
  readonly schema: z.ZodType<T, string>;
}

type Facts<T> = Omit<Setting<T>, 'schema' | 'key' | 'doc'>;

function setting<T>(key: string, doc: string, schema: z.ZodType<T, string>, facts: Facts<T>): Setting<T> {
  return { key, doc, schema, ...facts };
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

export interface NumberFacts extends Facts<number> {
  readonly min?: number;
  readonly max?: number;
}

/** A whole number; `min` defaults to 0. */
export function integer(
  key: string,
  doc: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER, ...facts }: NumberFacts,
) {
  return setting(key, doc, wholeNumber(min, max), facts);
}

/** A duration in whole milliseconds; `min` defaults to 1. */
export function milliseconds(key: string, doc: string, facts: NumberFacts) {
  return integer(key, doc, { min: 1, unit: 'ms', ...facts });
}

/** A size in bytes; `min` defaults to 1. */
export function bytes(key: string, doc: string, facts: NumberFacts) {
  return integer(key, doc, { min: 1, unit: 'bytes', ...facts });
}

/** A TCP port; 0 lets the system choose. */
export function port(key: string, doc: string, fallback: number) {
  return setting(key, doc, wholeNumber(0, 65_535), { fallback: String(fallback) });
}

/** A decimal number between 0 and 1, both included. */
export function ratio(key: string, doc: string, fallback: string) {
  const schema = z
    .string()
    .regex(/^(0|1|[01]?\.\d+)$/, 'must be a decimal number such as 0.01')
    .transform(Number)
    .pipe(z.number().max(1, 'must be at most 1'));
  return setting(key, doc, schema, { fallback });
}

/** Free text; an empty value counts as unset, so a key with `fallback: ''` is optional. */
export function text(key: string, doc: string, facts: Facts<string>) {
  return setting(key, doc, z.string(), facts);
}

/** `true` or `false`. */
export function flag(key: string, doc: string, fallback: boolean) {
  const schema = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
  return setting(key, doc, schema, { fallback: String(fallback) });
}

/** One word of a closed list. */
export function oneOf<const T extends string>(
  key: string,
  doc: string,
  choices: readonly T[],
  fallback: NoInfer<T>,
) {
  const schema = z.string().pipe(z.enum(choices, `must be one of ${choices.join(', ')}`)) as z.ZodType<
    T,
    string
  >;
  return setting(key, doc, schema, { fallback });
}

const items = (of: z.ZodType<string, string>) =>
  z
    .string()
    .transform((value) =>
      value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    )
    .pipe(z.array(of));

/** A comma list of `host:port`. */
export function addresses(key: string, doc: string, fallback: string) {
  const address = z.string().regex(/^[^\s:/]+:\d{1,5}$/, 'must be a comma list of host:port');
  return setting(key, doc, items(address).pipe(z.array(z.string()).min(1, 'must name at least one')), {
    fallback,
  });
}

const httpUrl = z.string().refine(isHttpUrl, 'must be an http or https URL');

/** One http or https URL, kept without its trailing slash. */
export function url(key: string, doc: string, facts: Facts<string>) {
  return setting(key, doc, httpUrl.transform(withoutTrailingSlash), facts);
}

/** A comma list of http or https URLs, each kept without its trailing slash. */
export function urls(key: string, doc: string, facts: Facts<string[]>) {
  const list = items(httpUrl).pipe(z.array(z.string()).min(1, 'must name at least one'));
  return setting(
    key,
    doc,
    list.transform((values) => values.map(withoutTrailingSlash)),
    facts,
  );
}

/** A comma list of words; empty is an empty list. */
export function list(key: string, doc: string, facts: Facts<string[]>) {
  return setting(key, doc, items(z.string()), facts);
}

/** A comma list of `name=value`, values percent-encoded; unset is none. */
export function pairs(key: string, doc: string, facts: Omit<Facts<Record<string, string>>, 'fallback'>) {
  const pair = z.string().refine(isPair, 'must be a comma list of name=value, values percent-encoded');
  const schema = items(pair).transform((all) => Object.fromEntries(all.map(toPair)));
  return setting(key, doc, schema, { ...facts, fallback: '' });
}

function isPair(text: string): boolean {
  return /^[^=\s]+=([^%]|%[0-7][\da-f])*$/i.test(text);
}

function toPair(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), decodeURIComponent(text.slice(at + 1))];
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

function withoutTrailingSlash(value: string): string {
  return value.replace(/\/+$/, '');
}
