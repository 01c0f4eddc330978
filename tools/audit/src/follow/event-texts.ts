import { FieldNotes } from '@pipeline/event-schema';

const QUOTE = 0x22;
const COMMA = 0x2c;
const FREE = -1;
/** Twice the records of a window and more, so that few ids meet at one place. */
const SLOTS = 1 << 16;
const MAX_BYTES = 8 << 20;
const EVENT_ID = 0;

/**
 * The texts of a window's events, in buffers that all windows use one after the other: what a document holds before its
 * lineage, and the ids as a list in JSON.
 */
export class EventTexts {
  count = 0;
  /** Whether all that was added is here: each is a JSON object with an id that no other has, and there was room. */
  isWhole = true;
  /** To be told of the next record by `jsonLine`. */
  readonly notes = new FieldNotes(['event_id']);
  bodies: Buffer = Buffer.allocUnsafeSlow(64 << 10);
  ids: Buffer = Buffer.allocUnsafeSlow(8 << 10);
  private readonly bodyEnds: Uint32Array;
  private readonly idEnds: Uint32Array;
  /** FNV-1a of the id that was put last. */
  private hash = 0;
  private readonly slots = new Int32Array(SLOTS);

  /** @param maxRecords of a window, 20,000 or less. */
  constructor(maxRecords: number) {
    this.bodyEnds = new Uint32Array(maxRecords);
    this.idEnds = new Uint32Array(maxRecords);
  }

  begin(): void {
    this.count = 0;
    this.isWhole = true;
    this.slots.fill(FREE);
  }

  bodyStart(index: number): number {
    return index === 0 ? 0 : this.bodyEnds[index - 1]!;
  }

  bodyEnd(index: number): number {
    return this.bodyEnds[index]!;
  }

  /** Behind the quote of an id. */
  idStart(index: number): number {
    return (index === 0 ? 0 : this.idEnds[index - 1]! + 2) + 1;
  }

  /** At its second quote. */
  idEnd(index: number): number {
    return this.idEnds[index]!;
  }

  /** The ids of `[from, to)` as the items of a list in JSON, a view. */
  idList(from: number, to: number): Buffer {
    return this.ids.subarray(this.idStart(from) - 1, this.idEnd(to - 1) + 1);
  }

  /** @param value of the record that {@link notes} were told of last, and the line that came of it. */
  add(value: Buffer, line: Buffer): void {
    if (!this.isWhole) return;
    const index = this.count;
    const start = this.bodyStart(index);
    const end = start + line.length - 1;
    const idEnd = this.notes.unsure ? this.addParsedId(line) : this.addId(value);
    this.isWhole = end <= MAX_BYTES && idEnd > this.idStart(index);
    if (!this.isWhole) return;
    this.bodies = withRoom(this.bodies, start, end);
    line.copy(this.bodies, start, 0, line.length - 1);
    this.bodyEnds[index] = end;
    this.idEnds[index] = idEnd;
    this.isWhole = this.isNew(index);
    this.count = index + 1;
  }

  /** @returns where it ends; nothing is added where there is none. */
  private addId(value: Buffer): number {
    const { notes } = this;
    const from = notes.startOf(EVENT_ID);
    if (from < 0) return 0;
    return this.putId(value, from, notes.endOf(EVENT_ID));
  }

  /** An escape may be anywhere in the line. */
  private addParsedId(line: Buffer): number {
    const { event_id: id } = JSON.parse(line.toString()) as { readonly event_id?: unknown };
    if (typeof id !== 'string') return 0;
    const text = Buffer.from(JSON.stringify(id));
    return this.putId(text, 1, text.length - 1);
  }

  private putId(bytes: Buffer, from: number, to: number): number {
    const start = this.idStart(this.count);
    const end = start + to - from;
    if (end > MAX_BYTES) return 0;
    this.ids = withRoom(this.ids, start, end + 2);
    const { ids } = this;
    ids[start - 1] = QUOTE;
    let hash = 0x811c9dc5;
    for (let at = 0; at < to - from; at += 1) {
      const byte = bytes[from + at]!;
      ids[start + at] = byte;
      hash = Math.imul(hash ^ byte, 0x01000193);
    }
    this.hash = hash;
    ids[end] = QUOTE;
    ids[end + 1] = COMMA;
    return end;
  }

  /** Whether no earlier event has the id of this one. */
  private isNew(index: number): boolean {
    const { ids, slots, hash } = this;
    const [start, end] = [this.idStart(index), this.idEnd(index)];
    let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    for (; slots[slot] !== FREE; slot = (slot + 1) & (SLOTS - 1)) {
      const other = slots[slot]!;
      if (ids.compare(ids, this.idStart(other), this.idEnd(other), start, end) === 0) return false;
    }
    slots[slot] = index;
    return true;
  }
}

/** A buffer of at least `end` bytes with the first `used` ones of this one. */
function withRoom(buffer: Buffer, used: number, end: number): Buffer {
  if (end <= buffer.length) return buffer;
  const larger = Buffer.allocUnsafeSlow(Math.max(end, 2 * buffer.length));
  buffer.copy(larger, 0, 0, used);
  return larger;
}
