import { CodedError } from '../coded-error.ts';

/** Why bytes are not an event that both stores can read. Closed: a code is a metric label and a dead-letter header. */
export const DECODE_CODES = [
  'tombstone',
  'invalid-utf8',
  'not-json',
  'not-an-object',
  'nested-too-deep',
  'number-too-long',
  'text-too-long',
  'field-name-invalid',
  'field-reserved',
  'field-repeated',
  'missing-field',
  'invalid-field',
] as const;

export type DecodeCode = (typeof DECODE_CODES)[number];

/**
 * Bytes that can never become an event or a row, however often they are tried: the record belongs in the dead-letter
 * topic. It is returned, not thrown, so that a bad record costs its batch nothing.
 */
export class DecodeError extends CodedError<DecodeCode> {
  constructor(
    code: DecodeCode,
    message: string,
    /** Where in the record's bytes: `offset` counts bytes from 0, `field` names the event's field. */
    readonly position: { readonly offset?: number; readonly field?: string } = {},
  ) {
    super(code, message);
  }
}
