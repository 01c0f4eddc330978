import { printable } from '@pipeline/config';

const CHARACTERS = 60;

/** A text of a stranger as a cell of a table. */
export function cell(text: string): string {
  const shown = printable(text);
  return shown.length > CHARACTERS ? `${shown.slice(0, CHARACTERS - 1)}…` : shown;
}

/** ISO-8601; strangers write times that no calendar has. */
export function isoText(time: Date): string {
  return Number.isNaN(time.getTime()) ? '–' : time.toISOString();
}
