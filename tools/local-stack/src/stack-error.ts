import { CodedError } from '@pipeline/event-schema';

/** What went wrong; each code has one cause that the person at the terminal can act on. */
export type StackErrorCode =
  | 'no-jdk'
  | 'no-maven'
  | 'download-failed'
  | 'checksum-mismatch'
  | 'port-in-use'
  | 'already-running'
  | 'not-built'
  | 'part-failed'
  | 'unknown-layer'
  | 'unknown-jar-set';

/** A failure whose message is all that its reader needs: no stack trace is shown for it. */
export class StackError extends CodedError<StackErrorCode> {}
