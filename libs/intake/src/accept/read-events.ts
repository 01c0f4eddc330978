import { isUtf8 } from 'node:buffer';
import { EventText, type WrittenEvent } from './event-text.ts';
import { hasOtherSpelling, parseAsSpelt } from './number-spelling.ts';
import { IntakeRefusal } from '../refusal.ts';

/** Events that came together, parsed and not looked at. */
export class ReceivedEvents {
  private eventText: EventText | undefined;
  private isScanned = false;

  /**
   * @param text the JSON they come from, if they come from any.
   * @param spelt the same with each number as it was spelt; undefined if JavaScript spells every number so, or if the text
   *   is to tell.
   */
  constructor(
    readonly values: readonly unknown[],
    private readonly text?: string,
    private spelt?: readonly object[],
  ) {}

  /** The value at an index with its numbers digit for digit, or nothing where it is written with them so already. */
  asSpelt(index: number, written: WrittenEvent): object | undefined {
    const { text } = this;
    if (text !== undefined && !this.isScanned) {
      this.eventText ??= new EventText(text);
      if (this.eventText.holds(written)) return undefined;
      this.scan(text);
    }
    return this.spelt?.[index];
  }

  /** To be told of an event that is not asked for: what it holds could pass for a part of the request. */
  leaveOut(): void {
    if (this.text !== undefined && !this.isScanned) this.scan(this.text);
  }

  private scan(text: string): void {
    this.isScanned = true;
    if (hasOtherSpelling(Buffer.from(text))) this.spelt = [parseAsSpelt(text)].flat(1) as object[];
  }
}

/**
 * The values in a JSON text: one, or the elements of an array. They are parsed once and not looked at.
 * @throws IntakeRefusal
 */
export function readEvents(json: Buffer, maxEvents: number): ReceivedEvents {
  if (!isUtf8(json)) throw new IntakeRefusal('not-utf8');
  const text = json.toString();
  const parsed = parseJson(text);
  if (!Array.isArray(parsed)) return new ReceivedEvents([parsed], text);
  if (parsed.length === 0) throw new IntakeRefusal('no-events');
  if (parsed.length > maxEvents) throw new IntakeRefusal('too-many-events');
  return new ReceivedEvents(parsed, text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new IntakeRefusal('malformed-json');
  }
}
