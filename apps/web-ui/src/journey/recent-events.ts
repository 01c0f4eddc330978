import { type Position } from './journey.ts';

const MAX_EVENTS = 20_000;

/** Where the newest live events lie, so that an event is known before any store has it. Bounded. */
export class RecentEvents {
  private readonly positions = new Map<string, Position>();

  add(eventId: string, position: Position): void {
    this.positions.set(eventId, position);
    if (this.positions.size <= MAX_EVENTS) return;
    for (const oldest of this.positions.keys()) {
      this.positions.delete(oldest);
      break;
    }
  }

  find(eventId: string): Position | undefined {
    return this.positions.get(eventId);
  }
}
