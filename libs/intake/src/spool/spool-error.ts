import { CodedError } from '@pipeline/event-schema';

export type SpoolErrorCode =
  'spool-full' | 'spool-unwritable' | 'spool-in-use' | 'spool-damaged' | 'spool-too-large';

/** What is wrong with the spool. */
export class SpoolError extends CodedError<SpoolErrorCode> {}
