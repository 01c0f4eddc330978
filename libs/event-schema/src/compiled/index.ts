export { EVENTS, TABLE_CLASSES } from '../events/index.ts';
export { isPropertyName, PROPERTY_LIMITS } from '../contract/properties.ts';
export { catalogueOf } from './catalogue-of.ts';
export { describeEventTypes, type JsonSchema } from './describe-event-types.ts';
export {
  readRejectedEvent,
  REJECTION_CODES,
  type RejectedEvent,
  type Rejection,
  type RejectionCode,
} from '../contract/rejection.ts';
export { UNKNOWN_FIELD_LIMITS } from './unknown-fields.ts';
export {
  COLLECTOR_FIELDS,
  dropCollectorFields,
  validateEvent,
  type Validation,
  type ValidEvent,
} from './validate-event.ts';
