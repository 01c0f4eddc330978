import { type Click } from '../drills/load/click.ts';
import { type Outlet } from '../drills/load/outlet.ts';
import { type SearchableWatch } from './searchable-watch.ts';

/** Has every event that it sends looked for; what was not acknowledged is not looked for any more. */
export class WatchedOutlet implements Outlet<Click> {
  constructor(
    private readonly inner: Outlet<Click>,
    private readonly watch: Pick<SearchableWatch, 'expect' | 'forget'>,
  ) {}

  async send(events: readonly Click[]): Promise<readonly string[]> {
    const clickedAt = Date.now();
    for (const { event_id } of events) this.watch.expect(event_id, clickedAt);
    const acknowledged = await this.inner.send(events);
    const taken = new Set(acknowledged);
    for (const { event_id } of events) if (!taken.has(event_id)) this.watch.forget(event_id);
    return acknowledged;
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
