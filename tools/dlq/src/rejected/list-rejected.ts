import Table from 'cli-table3';
import { cell } from '../cells.ts';
import { type CommandResult } from '../command-result.ts';
import { FOREIGN } from '../letter.ts';
import { isWanted, type RejectedBox, type RejectedFilter } from './rejected-box.ts';

const COLUMNS = ['event', 'code', 'field', 'message', 'masked', 'received at'];

/** One line per refused event, the oldest of each partition first. */
export async function listRejected(box: RejectedBox, filter: RejectedFilter): Promise<CommandResult> {
  const table = new Table({ head: COLUMNS, style: { head: [], border: [] } });
  let found = 0;
  let foreign = 0;
  await box.read((letters) => {
    for (const letter of letters) {
      if (!isWanted(letter, filter)) continue;
      found += 1;
      if (letter.code === FOREIGN) foreign += 1;
      if (found > filter.limit) continue;
      const { partition, offset, code, path, message, is_masked: isMasked, received_at: receivedAt } = letter;
      const masked = isMasked ? 'yes' : 'no';
      table.push([`${partition}:${offset}`, cell(code), cell(path), cell(message), masked, cell(receivedAt)]);
    }
  });
  if (found === 0) return { lines: ['no rejected events'], exitCode: 0 };
  const shown = found > filter.limit ? `, the first ${filter.limit} shown (--limit)` : '';
  const strangers = foreign > 0 ? `, ${foreign} of them written by no collector` : '';
  const lines = [...table.toString().split('\n'), `${found} rejected events${strangers}${shown}`];
  return { lines, exitCode: 0 };
}
