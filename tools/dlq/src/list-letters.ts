import Table from 'cli-table3';
import { type CommandResult } from './command-result.ts';
import { type LetterBox } from './letter-box.ts';
import { type Letter, type LetterFilter, matches, type SinkName } from './letter.ts';

export interface Selection extends LetterFilter {
  readonly sinks: readonly SinkName[];
  /** Most letters to show or replay. */
  readonly limit: number;
}

const COLUMNS = ['sink', 'letter', 'code', 'message', 'record', 'given up at'];
const MESSAGE_CHARACTERS = 60;

/** One line per dead letter, the oldest first. */
export async function listLetters(
  box: LetterBox,
  { sinks, limit, ...filter }: Selection,
): Promise<CommandResult> {
  const table = new Table({ head: COLUMNS, style: { head: [], border: [] } });
  let found = 0;
  for (const sink of sinks) {
    await box.read(sink, (letters) => {
      for (const letter of letters) {
        if (!matches(letter, filter)) continue;
        found += 1;
        if (found <= limit) table.push(cells(letter));
      }
    });
  }
  if (found === 0) return { lines: ['no dead letters'], exitCode: 0 };
  const shown = found > limit ? `, the first ${limit} shown (--limit)` : '';
  return { lines: [table.toString(), `${found} dead letters${shown}`], exitCode: 0 };
}

function cells({ sink, partition, offset, code, message, source, failedAt }: Letter): string[] {
  const text = message.length > MESSAGE_CHARACTERS ? `${message.slice(0, MESSAGE_CHARACTERS - 1)}…` : message;
  return [sink, `${partition}:${offset}`, code, text, `${source.partition}:${source.offset}`, failedAt];
}
