import { isReadableName, isReservedName, STORE_LIMITS } from '../store-rules.ts';
import { type DecodeCode } from './decode-error.ts';
import { EVENT_FIELDS, FIELD_KINDS, type FieldKind, OTHER_FIELD } from '../stored-fields.ts';

/** Bounds of what is remembered; an event that goes beyond them is judged name by name each time. */
const MOST_NODES = 1_024;
const MOST_SIBLINGS = 8;
/** So that every place in the text of {@link MOST_NODES} names is a number of two bytes. */
const LONGEST_NAME = 63;

/** After so many events that were not known the memory begins anew, so that names of the past do not keep others out. */
const FORGOTTEN_AFTER = 4_096;

/** What is known of a node, in so many numbers behind each other; a node is the index of the first. */
const START = 0;
const END = 1;
const SIBLING = 2;
const INSIDE = 3;
const PARENT = 4;
const FIELD = 5;
const CHILDREN = 6;
/** Here the names behind it begin, each in the chain that its first two bytes choose. */
const CHAINS = 8;
const MOST_CHAINS = 8;
const NODE = CHAINS + MOST_CHAINS;
const UNKNOWN = 0;
const ROOT = NODE;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Most names: readable, in lower case, and once as many bytes as characters. */
const PLAIN_NAME = /^[a-z][0-9a-z_]*$/;

/**
 * Judges the names of JSON objects while they are scanned: whether both stores can read them, and each once per object.
 *
 * The names of an event mostly follow each other as in an event before. So right sequences are remembered as a tree, one
 * node per name behind the names before it, and a name that is where the tree expects it is known to be right: comparing its
 * bytes is all it costs. Every other name is judged as a text, in a set of the names of its object.
 */
export class NameJudge {
  /** Why the last name was refused. */
  fault: DecodeCode = 'field-name-invalid';
  /** What the value of the last top-level name may be. */
  kind: FieldKind = FIELD_KINDS.any;
  /** The number of the last top-level name. */
  field = OTHER_FIELD;

  private readonly tree = new Uint16Array(MOST_NODES * NODE);
  private end = ROOT + NODE;
  /** The names of the tree with their closing quotes, one behind the other. */
  private readonly text = Buffer.alloc(MOST_NODES * (LONGEST_NAME + 1));
  private textEnd = 0;

  /** Of each open container by its depth: the node of its last name, and the bytes of that name where there is no node. */
  private readonly at = new Int32Array(STORE_LIMITS.nesting + 1);
  private readonly bytesAt = new Int32Array(STORE_LIMITS.nesting + 1);
  /** Names of the object at that depth, in lower case; only where one of them was judged. */
  private readonly seen: (Set<string> | undefined)[] = [];
  private hasJudged = false;
  private unknownEvents = 0;
  private readonly kinds: Readonly<Uint8Array>;

  constructor(private readonly fields = EVENT_FIELDS) {
    this.kinds = fields.kindsByNumber;
  }

  begin(): void {
    this.kind = FIELD_KINDS.any;
    if (this.hasJudged) this.countUnknown();
  }

  /** A container opens at this depth, the outermost at 1. */
  open(depth: number, isObject: boolean): void {
    if (depth === 1) this.at[1] = ROOT;
    else this.at[depth] = isObject ? this.insideOf(this.at[depth - 1]!) : this.at[depth - 1]!;
    if (!this.hasJudged) return;
    this.bytesAt[depth] = 0;
    this.seen[depth] = undefined;
  }

  /**
   * @param from the index after the opening quote.
   * @returns the index after the closing quote where the tree knows the name, else -1: then it is to be judged.
   */
  follow(bytes: Buffer, from: number, depth: number): number {
    const { tree, text } = this;
    const chain = this.at[depth]! + chainOf(bytes[from]!, bytes[from + 1]!);
    for (let node = tree[chain]!; node !== UNKNOWN; node = tree[node + SIBLING]!) {
      const start = tree[node]!;
      const length = tree[node + END]! - start;
      let index = 0;
      while (index < length && bytes[from + index] === text[start + index]) index += 1;
      if (index < length) continue;
      this.at[depth] = node;
      if (depth === 1) this.meet(tree[node + FIELD]!);
      return from + length;
    }
    return -1;
  }

  /** @returns whether the name between the quotes is right; else {@link fault} says why it is not. */
  isRight(bytes: Buffer, from: number, end: number, depth: number): boolean {
    if (!this.hasJudged) this.beginToJudge();
    const before = this.at[depth]!;
    const seen = (this.seen[depth] ??= this.namesUpTo(before));
    this.at[depth] = UNKNOWN;
    this.bytesAt[depth] = end - from;
    if (this.pathBytes(depth) > STORE_LIMITS.namePathBytes) return this.refuse('field-name-invalid');
    const name = nameBetween(bytes, from, end);
    const isPlain = PLAIN_NAME.test(name);
    if (!isPlain && !isReadableName(name)) return this.refuse('field-name-invalid');
    if (depth === 1 && isReservedName(name, this.fields.kinds)) return this.refuse('field-reserved');
    if (seen.size === seen.add(isPlain ? name : name.toLowerCase()).size)
      return this.refuse('field-repeated');
    const field = depth === 1 ? this.fields.numberOf(name) : OTHER_FIELD;
    if (depth === 1) this.meet(field);
    if (before !== UNKNOWN && end - from <= LONGEST_NAME) {
      this.at[depth] = this.remember(before, bytes.subarray(from, end), field);
    }
    return true;
  }

  private meet(field: number): void {
    this.field = field;
    this.kind = this.kinds[field] as FieldKind;
  }

  private refuse(fault: DecodeCode): false {
    this.fault = fault;
    return false;
  }

  /** What was not kept for the names before. */
  private beginToJudge(): void {
    this.hasJudged = true;
    this.seen.length = 0;
    this.bytesAt.fill(0);
  }

  private countUnknown(): void {
    this.hasJudged = false;
    this.unknownEvents += 1;
    if (this.unknownEvents < FORGOTTEN_AFTER && this.end < this.tree.length) return;
    this.end = ROOT + NODE;
    this.textEnd = this.unknownEvents = 0;
    this.tree.fill(0, 0, this.end);
  }

  private pathBytes(depth: number): number {
    let sum = depth;
    for (let level = 1; level <= depth; level += 1) {
      const node = this.at[level]!;
      sum += node === UNKNOWN ? this.bytesAt[level]! : this.tree[node + END]! - this.tree[node]!;
    }
    return sum;
  }

  /** The names of an object that the tree knew. */
  private namesUpTo(last: number): Set<string> {
    const { tree, text } = this;
    const names = new Set<string>();
    for (let node = last; tree[node + END]! > tree[node]!; node = tree[node + PARENT]!) {
      names.add(nameBetween(text, tree[node]!, tree[node + END]! - 1).toLowerCase());
    }
    return names;
  }

  /** @returns the node of the name behind the one before it; `UNKNOWN` where it is not kept. */
  private remember(before: number, name: Buffer, field: number): number {
    const { tree } = this;
    // Who reads the event has to see its escapes.
    if (tree[before + CHILDREN]! >= MOST_SIBLINGS || name.includes(BACKSLASH)) return UNKNOWN;
    const node = this.newNode();
    if (node === UNKNOWN) return UNKNOWN;
    this.text.set(name, this.textEnd);
    this.text[this.textEnd + name.length] = QUOTE;
    tree[node + START] = this.textEnd;
    this.textEnd += name.length + 1;
    tree[node + END] = this.textEnd;
    tree[node + FIELD] = field;
    tree[node + PARENT] = before;
    const chain = before + chainOf(name[0]!, name[1] ?? QUOTE);
    tree[node + SIBLING] = tree[chain]!;
    tree[chain] = node;
    tree[before + CHILDREN]! += 1;
    return node;
  }

  /** Where the names of an object begin that is the value of this name, or an element of it. */
  private insideOf(name: number): number {
    if (name === UNKNOWN) return UNKNOWN;
    const inside = this.tree[name + INSIDE]!;
    return inside === UNKNOWN ? (this.tree[name + INSIDE] = this.newNode()) : inside;
  }

  private newNode(): number {
    const node = this.end;
    if (node === this.tree.length) return UNKNOWN;
    this.end += NODE;
    this.tree.fill(0, node, this.end);
    return node;
  }
}

/** Where in a node the names behind it begin that start with these bytes. */
function chainOf(first: number, second: number): number {
  return CHAINS + ((first ^ (second >> 1)) & (MOST_CHAINS - 1));
}

/** A name as a reader has it, its escapes resolved. */
function nameBetween(bytes: Buffer, from: number, end: number): string {
  const name = bytes.toString('utf8', from, end);
  return name.includes('\\') ? (JSON.parse(`"${name}"`) as string) : name;
}
