const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Walks through JSON that is known to be well formed and gives values as the bytes they are, in one pass: parsing would
 * round numbers and drop repeated keys, which an audit must see.
 */
export class JsonCursor {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  /** The object here; `onField` must consume the value of each field. */
  object(onField: (name: string) => void): void {
    this.each(CLOSE_OBJECT, () => {
      const name = this.text();
      this.skipSpace();
      if (this.bytes[this.at] === COLON) this.at += 1;
      onField(name);
    });
  }

  /** The list here; `onItem` must consume each item. */
  list(onItem: () => void): void {
    this.each(CLOSE_LIST, onItem);
  }

  /** Consumes the value here. @returns its bytes, a view. */
  slice(): Buffer {
    this.skipSpace();
    const start = this.at;
    const byte = this.bytes[start];
    if (byte === QUOTE) this.skipString();
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.skipContainer();
    else this.skipWord();
    return this.bytes.subarray(start, this.at);
  }

  /** Consumes the text here. */
  text(): string {
    this.skipSpace();
    const start = this.at;
    const isPlain = this.skipString();
    if (isPlain) return this.bytes.toString('latin1', start + 1, this.at - 1);
    return JSON.parse(this.bytes.toString('utf8', start, this.at)) as string;
  }

  private each(close: number, onMember: () => void): void {
    this.skipSpace();
    this.at += 1;
    for (this.skipSpace(); this.bytes[this.at] !== close; this.skipSpace()) {
      if (this.at >= this.bytes.length) throw new SyntaxError('the answer ends too early');
      onMember();
      this.skipSpace();
      if (this.bytes[this.at] === COMMA) this.at += 1;
    }
    this.at += 1;
  }

  private skipSpace(): void {
    while (this.at < this.bytes.length && this.bytes[this.at]! <= 0x20) this.at += 1;
  }

  /** @returns whether each of its bytes is a character by itself. */
  private skipString(): boolean {
    let isPlain = true;
    for (this.at += 1; this.bytes[this.at] !== QUOTE; this.at += 1) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw new SyntaxError('the answer ends inside a text');
      if (byte >= BACKSLASH && (byte === BACKSLASH || byte >= 0x80)) isPlain = false;
      if (byte === BACKSLASH) this.at += 1;
    }
    this.at += 1;
    return isPlain;
  }

  private skipContainer(): void {
    let depth = 0;
    do {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw new SyntaxError('the answer ends inside a value');
      if (byte === QUOTE) {
        this.skipString();
        continue;
      }
      if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth -= 1;
      this.at += 1;
    } while (depth > 0);
  }

  private skipWord(): void {
    for (let byte = this.bytes[this.at]; byte !== undefined; byte = this.bytes[this.at]) {
      if (byte <= 0x20 || byte === COMMA || byte === CLOSE_LIST || byte === CLOSE_OBJECT) return;
      this.at += 1;
    }
  }
}
