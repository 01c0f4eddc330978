import Table from 'cli-table3';
import { type CommandResult } from '../command-result.ts';
import { isWanted, type RejectedBox, type RejectedFilter } from './rejected-box.ts';

const COLUMNS = ['event', 'code', 'field', 'message', 'masked', 'received at'];
const MESSAGE_CHARACTERS = 60;

/** One line per refused event, the oldest of each partition first. */
export async function listRejected(box: RejectedBox, filter: RejectedFilter): Promise<CommandResult> {
  const table = new Table({ head: COLUMNS, style: { head: [], border: [] } });
  let found = 0;
  await box.read((letters) => {
    for (const letter of letters) {
      if (!isWanted(letter, filter)) continue;
      found += 1;
      if (found > filter.limit) continue;
      const { partition, offset, code, path, message, is_masked: isMasked, received_at: receivedAt } = letter;
      const text =
        message.length > MESSAGE_CHARACTERS ? `${message.slice(0, MESSAGE_CHARACTERS - 1)}…` : message;
      table.push([`${partition}:${offset}`, code, path, text, isMasked ? 'yes' : 'no', receivedAt]);
    }
  });
  if (found === 0) return { lines: ['no rejected events'], exitCode: 0 };
  const shown = found > filter.limit ? `, the first ${filter.limit} shown (--limit)` : '';
  return { lines: [table.toString(), `${found} rejected events${shown}`], exitCode: 0 };
}
