import { setTimeout as pause } from 'node:timers/promises';

type Collector = { readonly url: string };

const LOOK_INTERVAL_MS = 100;

/** Which of some collectors take requests, asked at their `/readyz` as a load balancer does it. */
export class ReadyCollectors {
  private ready: readonly Collector[];
  private readonly closing = new AbortController();
  private readonly looking: Promise<void>;

  constructor(private readonly collectors: readonly Collector[]) {
    this.ready = collectors;
    this.looking = this.look();
  }

  now(): readonly Collector[] {
    return this.ready;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.looking;
  }

  private async look(): Promise<void> {
    while (!this.closing.signal.aborted) {
      const answers = await Promise.all(this.collectors.map(isReady));
      this.ready = this.collectors.filter((_, index) => answers[index]);
      await pause(LOOK_INTERVAL_MS);
    }
  }
}

async function isReady({ url }: Collector): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(500) })).ok;
  } catch {
    return false;
  }
}
