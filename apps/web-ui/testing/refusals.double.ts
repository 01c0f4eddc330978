import { type Refusal } from '../src/protocol/journey.ts';
import { type Refusals } from '../src/journey/refusals.ts';

/** Has the refusals it was given, counts how often it was asked, fails on demand. */
export class MemoryRefusals implements Refusals {
  readonly byId = new Map<string, Refusal>();
  fails = false;
  asked = 0;

  find(eventId: string): Promise<Refusal | undefined> {
    this.asked++;
    return this.fails ? Promise.reject(new Error('down')) : Promise.resolve(this.byId.get(eventId));
  }
}
