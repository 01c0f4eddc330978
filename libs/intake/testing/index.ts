export { EVENT_PUBLISHER } from '../src/publish/event-publisher.ts';
export { REJECTED_LOG } from '../src/reject/rejected-log.ts';
export { MemoryEventPublisher } from './event-publisher.double.ts';
export { MemoryRejectedLog } from './rejected-log.double.ts';
export { EVENT, idOf, originOf } from './origin.fixture.ts';
