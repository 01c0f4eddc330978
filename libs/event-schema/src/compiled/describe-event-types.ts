import { type ClassConstructor } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import { EVENTS } from '../events/index.ts';
import { MAX_WHOLE_DIGITS } from '../store-rules.ts';
import { declaredEventType } from '../contract/event-type.decorator.ts';

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
  isSmall: () => ({ minimum: 0, maximum: 10 ** MAX_WHOLE_DIGITS - 1 }),
  isProse: () => ({ type: 'string' }),
  isNanoseconds: () => ({ type: 'string', pattern: '^[0-9]{1,19}$' }),
  isProperties: () => ({
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  }),
  isNumber: () => ({ type: 'number' }),
  isFlag: () => ({ type: 'boolean' }),
  isIn: (values) => ({ type: 'string', enum: values }),
  isInstant: () => ({ type: 'string', format: 'date-time' }),
  isUuid: () => ({ type: 'string', format: 'uuid' }),
};

/** A schema of every event type that can be posted, read from the decorators of its contract; for documentation and generated clients. */
export function describeEventTypes(): Record<string, JsonSchema> {
  const posted = EVENTS.filter((contract) => declaredEventType(contract).ingress === 'http');
  return Object.fromEntries(posted.map((contract) => [declaredEventType(contract).name, describe(contract)]));
}

function describe(contract: ClassConstructor<object>): JsonSchema {
  const { name, doc, versions } = declaredEventType(contract);
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
  return { type: 'object', description: doc, required, properties, additionalProperties: true };
}

function rulesOf(contract: ClassConstructor<object>) {
  return getMetadataStorage().getTargetValidationMetadatas(contract, '', false, false);
}
