import { isObject, type Json, type JsonObject } from './json.ts';

const INT_OR_STRING = { oneOf: [{ type: 'string' }, { type: 'integer' }] };
/** `500m`, `1Gi`, `0.5`: a Kubernetes quantity. */
const QUANTITY = {
  oneOf: [
    { type: 'number' },
    {
      type: 'string',
      pattern: '^[+-]?([0-9]+|[0-9]+\\.[0-9]*|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$',
    },
  ],
};
const QUANTITY_NAME = 'io.k8s.apimachinery.pkg.api.resource.Quantity';
/** Formats that say nothing about JSON. */
const VAGUE_FORMATS = new Set(['byte', 'int32', 'int64', 'double']);

/**
 * The same schema without prose, and with every object closed: a misspelt field is an error, as with the server's
 * strict validation.
 */
export function strict(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(strict);
  if (!isObject(schema)) return schema;
  if (schema['format'] === 'int-or-string' || schema['x-kubernetes-int-or-string'] === true)
    return INT_OR_STRING;
  const kept = Object.entries(schema).filter(([key, value]) => isKept(key, value));
  const result = Object.fromEntries(kept.map(([key, value]) => [key, strictMember(key, value)]));
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in schema;
  return isObject(schema['properties']) && !open ? { ...result, additionalProperties: false } : result;
}

function isKept(key: string, value: Json): boolean {
  if (key === 'default' || key.startsWith('x-kubernetes-')) return false;
  // A field may be called `description`; then its value is a schema.
  if (key === 'description') return typeof value !== 'string';
  return !(key === 'format' && typeof value === 'string' && VAGUE_FORMATS.has(value));
}

/** The names inside `properties` are fields, whatever they are called. */
function strictMember(key: string, value: Json): Json {
  if (key !== 'properties' || !isObject(value)) return strict(value);
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, strict(schema)]));
}

/** A schema of its own, with all definitions that it needs, of one kind of the Kubernetes OpenAPI. */
export function kindSchema(definitions: JsonObject, name: string, apiVersion: string, kind: string): Json {
  const needed = [...reachable(definitions, name)].sort();
  const closed = Object.fromEntries(
    needed.map((each) => [each, each === QUANTITY_NAME ? QUANTITY : strict(definitions[each] ?? null)]),
  );
  const own = closed[name];
  if (!isObject(own)) throw new Error(`${name} is no object in the OpenAPI document`);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $ref: `#/definitions/${name}`,
    definitions: { ...closed, [name]: withType(own, apiVersion, kind) },
  };
}

/** Closes the schema of a custom resource's version. */
export function customResourceSchema(schema: Json, apiVersion: string, kind: string): Json {
  const closed = strict(schema);
  if (!isObject(closed) || !isObject(closed['properties'])) throw new Error(`${kind} has no properties`);
  const properties = { ...closed['properties'], metadata: { type: 'object' } };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...(withType({ ...closed, properties }, apiVersion, kind) as JsonObject),
  };
}

function withType(schema: JsonObject, apiVersion: string, kind: string): Json {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly string[]) : [];
  return {
    ...schema,
    properties: { ...properties, apiVersion: { const: apiVersion }, kind: { const: kind } },
    required: [...new Set([...required, 'apiVersion', 'kind'])],
  };
}

function reachable(definitions: JsonObject, name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  for (const reference of referencesOf(definitions[name] ?? null)) reachable(definitions, reference, seen);
  return seen;
}

function referencesOf(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (!isObject(value)) return [];
  const own = typeof value['$ref'] === 'string' ? [value['$ref'].split('/').at(-1) ?? ''] : [];
  return [...own, ...Object.values(value).flatMap(referencesOf)];
}
