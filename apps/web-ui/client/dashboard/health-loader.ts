import { type HealthReport } from '../../src/protocol/health-report.ts';
import { getJson, type RequestFailure } from '../get-json.ts';
import { Store } from '../store.ts';

const EVERY_MS = 3_000;

/** What the server last said of the pipeline; nothing before it did, and while it does not answer. */
export type Health = HealthReport | undefined;

/** Asks for the health of the pipeline again and again, while the page is seen. */
export class HealthLoader {
  readonly health = new Store<Health>(undefined);
  /** Why there is none, where the server refuses or is away. */
  readonly failure = new Store<RequestFailure | undefined>(undefined);

  start(): void {
    void this.load();
    setInterval(() => document.hidden || void this.load(), EVERY_MS);
  }

  /** Asks now. */
  async load(): Promise<void> {
    try {
      this.health.set(await getJson<HealthReport>('/v1/health'));
      this.failure.set(undefined);
    } catch (error) {
      this.health.set(undefined);
      this.failure.set(error as RequestFailure);
    }
  }
}
