import { CodedError } from '@pipeline/event-schema';

/** Why no verdict could be given: the topic does not exist, or a server could not be asked. */
export type AuditErrorCode = 'topic-missing' | 'kafka' | 'hdfs' | 'elasticsearch';

/** An audit that could not be done; what was found so far says nothing. */
export class AuditError extends CodedError<AuditErrorCode> {}
