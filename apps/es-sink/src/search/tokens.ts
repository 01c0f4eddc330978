/** Injection token of the {@link EventSearch} port. */
export const EVENT_SEARCH = Symbol('event-search');
