import { type SinkName } from '@pipeline/event-schema';
import Table from 'cli-table3';
import { cell, isoText } from './cells.ts';
import { type CommandResult } from './command-result.ts';
import { type LetterBox } from './letter-box.ts';
import { FOREIGN, type Letter, type LetterFilter, matches } from './letter.ts';

export interface Selection extends LetterFilter {
  readonly sinks: readonly SinkName[];
  /** Most letters to show or replay. */
  readonly limit: number;
}

const COLUMNS = ['sink', 'letter', 'code', 'message', 'record', 'given up at'];

/** One line per dead letter, the oldest first. */
export async function listLetters(
  box: LetterBox,
  { sinks, limit, ...filter }: Selection,
): Promise<CommandResult> {
  const table = new Table({ head: COLUMNS, style: { head: [], border: [] } });
  let found = 0;
  let foreign = 0;
  for (const sink of sinks) {
    await box.read(sink, (letters) => {
      for (const letter of letters) {
        if (!matches(letter, filter)) continue;
        found += 1;
        if (letter.code === FOREIGN) foreign += 1;
        if (found <= limit) table.push(cells(letter));
      }
    });
  }
  if (found === 0) return { lines: ['no dead letters'], exitCode: 0 };
  const shown = found > limit ? `, the first ${limit} shown (--limit)` : '';
  const strangers = foreign > 0 ? `, ${foreign} of them written by no sink` : '';
  const lines = [...table.toString().split('\n'), `${found} dead letters${strangers}${shown}`];
  return { lines, exitCode: 0 };
}

function cells({ sink, partition, offset, code, message, source, failedAt, truncated }: Letter): string[] {
  const text = truncated.length > 0 ? `(without ${truncated.join(', ')}) ${message}` : message;
  const record = source ? `${source.partition}:${source.offset}` : '–';
  return [sink, `${partition}:${offset}`, code, cell(text), record, isoText(failedAt)];
}
