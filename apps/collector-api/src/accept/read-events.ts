import { isUtf8 } from 'node:buffer';
import { hasOtherSpelling, parseAsSpelt } from './number-spelling.ts';
import { Refusal } from './refusal.ts';

/** The events of one request, parsed and not looked at. */
export class ReceivedEvents {
  /** The same with each number as it was spelt; nothing where every number is spelt as JavaScript spells it. */
  private spelt: readonly object[] | undefined;
  private isScanned = false;

  /** @param body the JSON they come from, if they come from any. */
  constructor(
    readonly values: readonly unknown[],
    private readonly body?: Buffer,
  ) {}

  /** The value at an index with its numbers digit for digit, or nothing where it has them so already. */
  asSpelt(index: number): object | undefined {
    if (!this.isScanned) this.scan();
    return this.spelt?.[index];
  }

  private scan(): void {
    this.isScanned = true;
    if (this.body === undefined || !hasOtherSpelling(this.body)) return;
    this.spelt = [parseAsSpelt(this.body.toString())].flat(1) as object[];
  }
}

/**
 * The values in a request's body: one, or the elements of an array. They are parsed once and not looked at.
 * @throws Refusal
 */
export function readEvents(body: Buffer, maxEvents: number): ReceivedEvents {
  if (!isUtf8(body)) throw new Refusal('not-utf8');
  const parsed = parseJson(body.toString());
  if (!Array.isArray(parsed)) return new ReceivedEvents([parsed], body);
  if (parsed.length === 0) throw new Refusal('no-events');
  if (parsed.length > maxEvents) throw new Refusal('too-many-events');
  return new ReceivedEvents(parsed, body);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal('malformed-json');
  }
}
