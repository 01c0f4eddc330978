import { type Pick, type Position } from './journey.ts';

const MAX_EVENTS = 20_000;

/** A live event: what was picked, and where it lies. */
export interface RecentEvent {
  readonly position: Position;
  readonly pick: Pick;
}

/** The newest live events, so that an event is known before any store has it. Bounded. */
export class RecentEvents {
  private readonly events = new Map<string, RecentEvent>();

  add(eventId: string, event: RecentEvent): void {
    this.events.set(eventId, event);
    if (this.events.size <= MAX_EVENTS) return;
    for (const oldest of this.events.keys()) {
      this.events.delete(oldest);
      break;
    }
  }

  find(eventId: string): RecentEvent | undefined {
    return this.events.get(eventId);
  }
}
