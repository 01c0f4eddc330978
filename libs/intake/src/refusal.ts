import { CodedError } from '@pipeline/event-schema';
import { type Rejection } from '@pipeline/event-schema/contract';

/** Why the intake takes nothing of what an ingress hands it. Each protocol says it in its own way. */
export type IntakeRefusalCode =
  // The sender is wrong: the same again is refused again.
  | 'malformed-json'
  | 'not-utf8'
  | 'no-events'
  | 'too-many-events'
  | 'all-events-rejected'
  // The events cannot be made durable now: the same again may succeed later.
  | 'kafka-unavailable'
  | 'queue-full'
  | 'spool-full'
  | 'spool-unwritable'
  | 'clock-wrong'
  | 'stopping';

/** Refused as a whole: nothing is claimed to be stored, though some of the records may still arrive. */
export class IntakeRefusal extends CodedError<IntakeRefusalCode> {
  /** The result of each event as a JSON array, in their order; undefined if they were not looked at. */
  readonly results: string | undefined;
  /** Why events were rejected, in their order. */
  readonly rejections: readonly Rejection[];

  constructor(
    code: IntakeRefusalCode,
    {
      cause,
      results,
      rejections = [],
    }: {
      readonly cause?: unknown;
      readonly results?: string;
      readonly rejections?: readonly Rejection[];
    } = {},
  ) {
    super(code, code, { cause });
    this.results = results;
    this.rejections = rejections;
  }
}
