export { EVENTS, TABLE_CLASSES } from '../events/index.ts';
export { isPropertyName, PROPERTY_LIMITS } from './properties.ts';
export { catalogueOf } from './catalogue-of.ts';
export { describeEventTypes, type JsonSchema } from './describe-event-types.ts';
export { readRejectedEvent, type RejectedEvent } from './rejected-event.ts';
export { REJECTION_CODES, type Rejection, type RejectionCode } from './rejection.ts';
export { UNKNOWN_FIELD_LIMITS } from './unknown-fields.ts';
export {
  COLLECTOR_FIELDS,
  dropCollectorFields,
  validateEvent,
  type Validation,
  type ValidEvent,
} from './validate-event.ts';
