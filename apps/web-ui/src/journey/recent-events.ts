import { type RecordPlace } from '@pipeline/event-schema';
import { type Pick, type Position } from '../protocol/journey.ts';

const MAX_EVENTS = 20_000;

/** A live event: what was picked, and where it lies. */
export interface RecentEvent {
  readonly eventId: string;
  readonly position: Position;
  readonly pick: Pick;
}

/** The newest live events, so that an event is known before any store has it. Bounded. */
export class RecentEvents {
  private readonly byPlace = new Map<string, RecentEvent>();
  /** The newest copy of each event. */
  private readonly byId = new Map<string, RecentEvent>();

  add(event: RecentEvent): void {
    this.byPlace.set(keyOf(event.position), event);
    this.byId.set(event.eventId, event);
    if (this.byPlace.size <= MAX_EVENTS) return;
    for (const [key, oldest] of this.byPlace) {
      this.byPlace.delete(key);
      if (this.byId.get(oldest.eventId) === oldest) this.byId.delete(oldest.eventId);
      break;
    }
  }

  find(eventId: string): RecentEvent | undefined {
    return this.byId.get(eventId);
  }

  at(place: RecordPlace): RecentEvent | undefined {
    return this.byPlace.get(keyOf(place));
  }
}

function keyOf({ topic, partition, offset }: RecordPlace): string {
  return `${topic}/${partition}/${offset}`;
}
