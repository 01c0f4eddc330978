export { browserStorage } from './browser-storage.ts';
export { createTag, type TagOptions } from './create-tag.ts';
export { type EventResult } from './delivery-outcome.ts';
export { type TagStorage } from './tag-host.ts';
export { type Tag, type TagListener } from './tag.ts';
