import { type JsonNotes } from './json-syntax.ts';
import { EVENT_FIELDS, OTHER_FIELD } from '../stored-fields.ts';

const ABSENT = -1;

/**
 * Notes some stored fields of an event while `jsonLine` checks it, so that who needs two strings of it does not parse, and
 * throw away, all of it. Used for one value after the other.
 */
export class FieldNotes implements JsonNotes {
  /** By number of a field: its index here. */
  private readonly indexes: Int8Array;
  private readonly starts: Int32Array;
  private readonly ends: Int32Array;
  private bytes: Buffer = Buffer.alloc(0);
  private current = ABSENT;
  /** Whether a name or a text may be spelt with escapes: then the notes say nothing, and the value has to be parsed. */
  unsure = false;

  /**
   * @param withScalars whether numbers and words are noted as strings are.
   * @throws RangeError for a name that no store has a column of.
   */
  constructor(
    names: readonly string[],
    fields = EVENT_FIELDS,
    private readonly withScalars = false,
  ) {
    this.indexes = new Int8Array(fields.kindsByNumber.length).fill(ABSENT);
    this.starts = new Int32Array(names.length);
    this.ends = new Int32Array(names.length);
    names.forEach((name, index) => {
      const number = fields.numberOf(name);
      if (number === OTHER_FIELD) throw new RangeError(`${name} is not a stored field`);
      this.indexes[number] = index;
    });
  }

  begin(bytes: Buffer): void {
    this.bytes = bytes;
    for (let index = 0; index < this.starts.length; index += 1) this.starts[index] = ABSENT;
    this.current = ABSENT;
    this.unsure = false;
  }

  /**
   * The string of the name at this index, a character per byte: of what is not ASCII it has only the length.
   * `undefined` where the field is absent or no string.
   */
  latin1(index: number): string | undefined {
    const start = this.starts[index]!;
    return start === ABSENT ? undefined : this.bytes.toString('latin1', start, this.ends[index]);
  }

  /** Where the string of the name at this index starts in the value; -1 where the field is absent or no string. */
  startOf(index: number): number {
    return this.starts[index]!;
  }

  /** Where that string ends, exclusive; nothing where it is absent. */
  endOf(index: number): number {
    return this.ends[index]!;
  }

  escaped(): void {
    this.unsure = true;
  }

  key(field: number): void {
    this.current = this.indexes[field]!;
  }

  text(start: number, end: number): void {
    if (this.current === ABSENT) return;
    this.starts[this.current] = start;
    this.ends[this.current] = end;
  }

  scalar(start: number, end: number): void {
    if (this.withScalars) this.text(start, end);
  }
}
