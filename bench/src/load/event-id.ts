const PREFIX = '01890a5d-ac96-474b-8000-';
const DIGITS = 12;
const HEX = Buffer.from('0123456789abcdef');
const FIELD = /"event_id":"[0-9a-f-]{24}([0-9a-f]{12})"/;

/** The id of event `n`; two events of a run never have the same. */
export function eventId(n: number): string {
  return `${PREFIX}${n.toString(16).padStart(DIGITS, '0')}`;
}

/** Which event a record, row or document is, by its JSON; NaN where it has no id of ours. */
export function eventNumber(json: string): number {
  return Number.parseInt(FIELD.exec(json)?.[1] ?? '', 16);
}

/** Where in a template the numbers of ids are that begin with this one, to be replaced by {@link writeNumber}. */
export function numberOffsets(template: Buffer, prefix = PREFIX): number[] {
  const offsets: number[] = [];
  for (let at = template.indexOf(prefix); at >= 0; at = template.indexOf(prefix, at + 1)) {
    offsets.push(at + prefix.length);
  }
  return offsets;
}

/** Writes a number over the digits at an offset: numbering an event costs next to nothing. */
export function writeNumber(bytes: Buffer, offset: number, value: number): void {
  let rest = value;
  for (let digit = DIGITS - 1; digit >= 0; digit--) {
    bytes[offset + digit] = HEX[rest % 16]!;
    rest = Math.floor(rest / 16);
  }
}
