import { type ClassConstructor } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import { EVENT_TYPES, type EventType } from './event-types.ts';

/** A JSON Schema as OpenAPI writes it. */
export interface JsonSchema {
  type?: string;
  required?: string[];
  properties?: Record<string, JsonSchema>;
  [keyword: string]: unknown;
}

/** What a rule means in JSON Schema, by the name under which class-validator knows it. */
const KEYWORDS: Readonly<Record<string, (constraint: unknown) => JsonSchema>> = {
  isText: () => ({ type: 'string' }),
  minCharacters: (minLength) => ({ minLength }),
  maxCharacters: (maxLength) => ({ maxLength }),
  noControlCharacters: () => ({ pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' }),
  isInt: () => ({ type: 'integer' }),
  isIn: (values) => ({ type: 'string', enum: values }),
  isInstant: () => ({ type: 'string', format: 'date-time' }),
  isUuid: () => ({ type: 'string', format: 'uuid' }),
};

/** A schema of every event type, read from the decorators of its contract; for documentation and generated clients. */
export function describeEventTypes(): Record<string, JsonSchema> {
  const types = Object.entries<EventType>(EVENT_TYPES);
  return Object.fromEntries(types.map(([name, type]) => [name, describe(name, type)]));
}

function describe(name: string, { contract, versions }: EventType): JsonSchema {
  const rules = rulesOf(contract);
  const properties: Record<string, JsonSchema> = {};
  for (const { propertyName, name: rule = '', constraints } of rules) {
    properties[propertyName] = {
      ...properties[propertyName],
      ...KEYWORDS[rule]?.(constraints?.[0] as unknown),
    };
  }
  properties['event_type'] = { type: 'string', enum: [name] };
  properties['schema_version'] = { type: 'integer', enum: versions };
  const required = rules.filter((rule) => rule.name === 'isDefined').map(({ propertyName }) => propertyName);
  return { type: 'object', required, properties, additionalProperties: true };
}

function rulesOf(contract: ClassConstructor<object>) {
  return getMetadataStorage().getTargetValidationMetadatas(contract, '', false, false);
}
