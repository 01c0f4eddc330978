/**
 * For specs about what is stored: on a machine that is busy for a second, the collector shall wait for Kafka rather
 * than answer 503, after which an event that was not acknowledged may be stored all the same.
 */
export const PATIENT_COLLECTOR = { PUBLISH_TIMEOUT_MS: '20000' };
