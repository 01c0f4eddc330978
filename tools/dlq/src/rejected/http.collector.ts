import { type Collector, CollectorError, type SentResult } from './collector.ts';

const TIMEOUT_MS = 30_000;

interface Answer {
  readonly results?: readonly SentResult[];
  readonly code?: string;
}

/** `POST /v1/events` of a collector. */
export class HttpCollector implements Collector {
  /** @param url whole, with `?write_key=` where the collector asks for one. */
  constructor(private readonly url: string) {}

  async send(events: readonly object[]): Promise<readonly SentResult[]> {
    const { status, answer } = await this.post(JSON.stringify(events));
    // With 400 come results, too, where every event was looked at and none was right.
    if (answer.results) return answer.results;
    throw new CollectorError(`The collector answered ${status} ${answer.code ?? ''}: run it again later`);
  }

  private async post(body: string): Promise<{ status: number; answer: Answer }> {
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': 'pipeline-dlq' },
        body,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return { status: response.status, answer: (await response.json()) as Answer };
    } catch (error) {
      throw new CollectorError(`No answer of a collector at ${new URL(this.url).host}`, { cause: error });
    }
  }
}
