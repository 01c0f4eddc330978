import { isPropertyName, PROPERTY_LIMITS } from '@pipeline/event-schema/contract';
import { isObject, textOfValue, wellFormed } from './any-value.ts';

/** A name as the stores can take it. */
interface KnownName {
  readonly text: string;
  /** `,"name":` */
  readonly json: string;
  /** Shared by all names that differ in case only: readers of files take them for one. */
  readonly twins: { usedBy: number };
}

const MOST_NAMES = 4_096;

/** Names by how they came, and by how they are stored: mostly the same few come again and again. */
const names = new Map<string, KnownName>();
const twins = new Map<string, KnownName['twins']>();
/** Counts the lists that were read. */
let list = 0;

/** Why a list of attributes cannot be read. */
export type AttributesFault = 'field-type' | 'too-many-values';

/**
 * OTLP attributes as the fields of a flat JSON object whose values are texts: `,"name":"text",…`; empty where there are none. No
 * name refuses a record: what a store cannot read in it is replaced, and of two names that are equal or differ in case only the
 * second one gets a number, so that nothing is lost.
 * @param use is told of each attribute.
 * @throws RoundedNumberError
 */
export function attributesJson(
  attributes: unknown,
  use?: (name: string, text: string) => void,
): string | { readonly fault: AttributesFault } {
  if (attributes === undefined || attributes === null) return '';
  if (!Array.isArray(attributes)) return { fault: 'field-type' };
  if (attributes.length > PROPERTY_LIMITS.properties) return { fault: 'too-many-values' };
  forgetNames();
  list += 1;
  let json = '';
  for (let index = 0; index < attributes.length; index += 1) {
    const pair: unknown = attributes[index];
    if (!isObject(pair)) return { fault: 'field-type' };
    const { key = '', value } = pair;
    const text = textOfValue(value);
    if (typeof key !== 'string' || text === undefined) return { fault: 'field-type' };
    let name = names.get(key) ?? learn(key, storableName(key));
    if (name.twins.usedBy === list) name = unused(name);
    name.twins.usedBy = list;
    json += name.json;
    json += JSON.stringify(text);
    use?.(name.text, text);
  }
  return json;
}

function learn(key: string, text: string): KnownName {
  const lower = text.toLowerCase();
  const shared = twins.get(lower) ?? { usedBy: 0 };
  const name = { text, json: `,${JSON.stringify(text)}:`, twins: shared };
  twins.set(lower, shared);
  names.set(key, name);
  return name;
}

/** Only between two lists: within one it knows which names were used. */
function forgetNames(): void {
  if (names.size < MOST_NAMES) return;
  names.clear();
  twins.clear();
}

/** The name with the first number that makes it another one. */
function unused({ text }: KnownName): KnownName {
  for (let number = 2; ; number += 1) {
    const key = `${text}~${number}`;
    const name = names.get(key) ?? learn(key, key);
    if (name.twins.usedBy !== list) return name;
  }
}

// eslint-disable-next-line no-control-regex -- finding them is the purpose
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/g;
/** For the number of a name that came twice. */
const ROOM = 5;

function storableName(key: string): string {
  const max = PROPERTY_LIMITS.nameCharacters - ROOM;
  if (isPropertyName(key) && key.length <= max) return key;
  const text = wellFormed(wellFormed(key).slice(0, max))
    .replaceAll(CONTROL_CHARACTERS, '_')
    .split('.')
    // Elasticsearch reads a dot as nesting, and none of the parts may be blank.
    .map((part) => (part.trim() === '' ? '_' : part))
    .join('.');
  if (text.length > max) return `${wellFormed(text.slice(0, max - 1))}_`;
  return text === '__proto__' ? '_proto_' : text;
}
