import { type OutgoingRecord } from '../src/encoded-records.ts';

const CHARACTERS = ['a', '0', '"', '\\', '\n', '\u0000', 'é', '\u07ff', '별', '\uffff', '🎨'];
const LENGTHS = [0, 1, 7, 36, 63, 64, 127, 128, 500, 5_000, 9_000];

/** Records of every kind, the same ones for the same seed (Marsaglia's xorshift). */
export class RandomRecords {
  private readonly headers: NonNullable<OutgoingRecord['headers']>[] = [];

  constructor(private state: number) {}

  list(count: number): OutgoingRecord[] {
    return Array.from({ length: count }, () => this.record());
  }

  private record(): OutgoingRecord {
    const [key, value] = [this.part(), this.part()];
    if (this.below(4) === 0) return { key, value };
    // Many records share an object of headers, as those of one request do.
    if (this.headers.length === 0 || this.below(5) === 0) this.headers.push(this.newHeaders());
    return {
      key,
      value,
      headers: this.headers[this.headers.length - 1 - this.below(Math.min(2, this.headers.length))]!,
    };
  }

  private newHeaders(): Record<string, string | Buffer> {
    const names = Array.from({ length: this.below(4) }, (_, n) => `${n}${this.text(this.below(20))}`);
    return Object.fromEntries(names.map((name) => [name, this.part() ?? '']));
  }

  private part(): string | Buffer | null {
    const kind = this.below(5);
    if (kind === 0) return null;
    return kind === 1 ? Buffer.from(this.text()) : this.text();
  }

  private text(length = LENGTHS[this.below(LENGTHS.length)]!): string {
    if (this.below(2) === 0) return 'x'.repeat(length);
    return Array.from({ length }, () => CHARACTERS[this.below(CHARACTERS.length)]).join('');
  }

  private below(limit: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % limit;
  }
}
