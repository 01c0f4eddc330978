import { type ClassConstructor } from 'class-transformer';
import { TOPICS, type TopicDefinition } from '../topics.ts';
import { PageViewEvent } from './page-view-event.ts';
import { SelectColorEvent } from './select-color-event.ts';

/** A kind of event: what it looks like, and where it goes. */
export interface EventType {
  readonly contract: ClassConstructor<object>;
  readonly topic: TopicDefinition;
  /** Ascending; the last is what an event without `schema_version` gets. */
  readonly versions: readonly number[];
}

/** Every event type by the `event_type` that names it. A new type is a contract class, a topic and a line here. */
export const EVENT_TYPES = {
  'select-color': { contract: SelectColorEvent, topic: TOPICS.selectColor, versions: [1] },
  'page-view': { contract: PageViewEvent, topic: TOPICS.pageView, versions: [1] },
} as const satisfies Record<string, EventType>;

export type EventTypeName = keyof typeof EVENT_TYPES;
