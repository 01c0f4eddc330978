export { describeEventTypes, type JsonSchema } from './describe-event-types.ts';
export { EVENT_TYPES, type EventType, type EventTypeName } from './event-types.ts';
export { LIMITS, PageEvent } from './page-event.ts';
export { PageViewEvent } from './page-view-event.ts';
export { readRejectedEvent, type RejectedEvent } from './rejected-event.ts';
export { REJECTION_CODES, type Rejection, type RejectionCode } from './rejection.ts';
export { SelectColorEvent } from './select-color-event.ts';
export { UNKNOWN_FIELD_LIMITS } from './unknown-fields.ts';
export { COLLECTOR_FIELDS, validateEvent, type Validation, type ValidEvent } from './validate-event.ts';
