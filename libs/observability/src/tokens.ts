/** Injection tokens for what every app has exactly one of. */
export const LOGGER = Symbol('logger');
export const METRICS_REGISTRY = Symbol('metrics-registry');
export const TRACER = Symbol('tracer');
