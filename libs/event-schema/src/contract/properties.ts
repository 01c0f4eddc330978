import { isReadableName } from '../store-rules.ts';

/** Bounds of a flat object of properties; an Elasticsearch term holds the name and its value. */
export const PROPERTY_LIMITS = { properties: 1_000, nameCharacters: 128 } as const;

/** Names that are right in themselves; a name in lower case has no twin. Mostly the same few come again and again. */
const rightNames = new Set<string>();
const rightLowerNames = new Set<string>();
const MOST_RIGHT_NAMES = 4_096;

/**
 * Whether both stores and their readers keep a value as a flat object: its names are readable and differ not in case only, it
 * holds texts, numbers that a double can hold and booleans, and not too many of them.
 */
export function isProperties(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  let count = 0;
  let isLower = true;
  for (const name in value) {
    count += 1;
    if (!isPropertyValue((value as Record<string, unknown>)[name])) return false;
    if (rightLowerNames.has(name)) continue;
    isLower = false;
    if (!rightNames.has(name) && !learnName(name)) return false;
  }
  if (count > PROPERTY_LIMITS.properties) return false;
  return isLower || new Set(Object.keys(value).map((name) => name.toLowerCase())).size === count;
}

function isPropertyValue(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  return typeof value === 'boolean' || Number.isFinite(value);
}

function learnName(name: string): boolean {
  if (!isPropertyName(name)) return false;
  if (rightNames.size >= MOST_RIGHT_NAMES) rightNames.clear();
  if (rightLowerNames.size >= MOST_RIGHT_NAMES) rightLowerNames.clear();
  (name === name.toLowerCase() ? rightLowerNames : rightNames).add(name);
  return true;
}

// eslint-disable-next-line no-control-regex -- finding them is the purpose
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f-\u009f]/;

/** Whether a property may have this name: any text but one that Elasticsearch cannot read, with dots as they come. */
export function isPropertyName(name: string): boolean {
  const isBounded = name.length <= PROPERTY_LIMITS.nameCharacters;
  return isBounded && name !== '__proto__' && !CONTROL_CHARACTER.test(name) && isReadableName(name);
}
