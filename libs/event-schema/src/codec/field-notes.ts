import { type JsonNotes } from './json-syntax.ts';

const ABSENT = -1;

/**
 * Notes some fields of an event while `jsonLine` checks it, so that who needs two strings of it does not parse, and
 * throw away, all of it. Used for one value after the other.
 */
export class FieldNotes implements JsonNotes {
  private readonly names: readonly Buffer[];
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private bytes: Buffer = Buffer.alloc(0);
  private current = ABSENT;
  /** Whether a name or a text may be spelt with escapes: then the notes say nothing, and the value has to be parsed. */
  unsure = false;

  constructor(names: readonly string[]) {
    this.names = names.map((name) => Buffer.from(name));
    this.starts = new Int32Array(names.length);
    this.ends = new Int32Array(names.length);
  }

  begin(bytes: Buffer): void {
    this.bytes = bytes;
    for (let index = 0; index < this.starts.length; index += 1) this.starts[index] = ABSENT;
    this.current = ABSENT;
    this.unsure = false;
  }

  /**
   * The string of the name at this index, a character per byte: of what is not ASCII it has only the length.
   * `undefined` where the field is absent or no string. As in `JSON.parse`, of several the last one counts.
   */
  latin1(index: number): string | undefined {
    const start = this.starts[index]!;
    return start === ABSENT ? undefined : this.bytes.toString('latin1', start, this.ends[index]);
  }

  escaped(): void {
    this.unsure = true;
  }

  key(start: number, end: number): void {
    this.current = this.indexOf(start, end);
    if (this.current !== ABSENT) this.starts[this.current] = ABSENT;
  }

  text(start: number, end: number): void {
    if (this.current === ABSENT) return;
    this.starts[this.current] = start;
    this.ends[this.current] = end;
  }

  private indexOf(start: number, end: number): number {
    const { names, bytes } = this;
    for (let index = 0; index < names.length; index += 1) {
      if (isAt(bytes, start, end, names[index]!)) return index;
    }
    return ABSENT;
  }
}

/** Whether the bytes `[start, end)` are this name: most keys differ from it in length or in their first byte. */
function isAt(bytes: Buffer, start: number, end: number, name: Buffer): boolean {
  if (name.length !== end - start) return false;
  for (let at = 0; at < name.length; at += 1) {
    if (bytes[start + at] !== name[at]) return false;
  }
  return true;
}
