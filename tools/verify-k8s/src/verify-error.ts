import { CodedError } from '@pipeline/event-schema';

/** What went wrong; each code has one cause that the person at the terminal can act on. */
export type VerifyErrorCode = 'no-go' | 'no-openssl' | 'build-failed' | 'command-failed' | 'check-failed';

/** A failure whose message is all that its reader needs. */
export class VerifyError extends CodedError<VerifyErrorCode> {}
