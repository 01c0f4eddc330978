import { setTimeout as pause } from 'node:timers/promises';

type Collector = { readonly url: string };

const INTERVAL_MS = 100;

/** Asks collectors whether they are ready, all the time, as a load balancer does. */
export class ReadyCollectors {
  private ready: readonly Collector[] = [];
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  constructor(private readonly all: () => readonly Collector[]) {
    this.running = this.watch();
  }

  list = (): readonly Collector[] => this.ready;

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async watch(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const collectors = this.all();
      const answers = await Promise.all(collectors.map(isReady));
      this.ready = collectors.filter((_, index) => answers[index]);
      await pause(INTERVAL_MS);
    }
  }
}

async function isReady({ url }: Collector): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}
