import { describeEventTypes } from '@pipeline/event-schema/contract';

/** Not fields of an event. */
const OWN_PARAMETERS: ReadonlySet<string> = new Set(['write_key']);

const WHOLE_NUMBER = /^-?\d{1,15}$/;

/** Names of the contract fields that hold whole numbers, of any event type. */
const NUMBERS: ReadonlySet<string> = new Set(
  Object.values(describeEventTypes()).flatMap(({ properties = {} }) =>
    Object.keys(properties).filter((name) => properties[name]?.type === 'integer'),
  ),
);

/** The event that a query says: texts, and numbers where the contract wants them; a repeated name is a list. */
export function queryEvent(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = Object.entries(query).filter(([name]) => !OWN_PARAMETERS.has(name));
  return Object.fromEntries(fields.map(([name, value]) => [name, typed(name, value)]));
}

function typed(name: string, value: unknown): unknown {
  const isNumber = NUMBERS.has(name) && typeof value === 'string' && WHOLE_NUMBER.test(value);
  return isNumber ? Number(value) : value;
}
