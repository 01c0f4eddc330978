import { type CommandResult } from '../command-result.ts';
import { type LetterPosition } from '../show-letter.ts';
import { type RejectedBox } from './rejected-box.ts';

/** Everything that is kept of the refused event at one position; exit code 1 when there is none. */
export async function showRejected(
  box: RejectedBox,
  { partition, offset }: LetterPosition,
): Promise<CommandResult> {
  const lines: string[] = [];
  await box.read((letters) => {
    const found = letters.find((letter) => letter.partition === partition && letter.offset === offset);
    if (found) lines.push(...JSON.stringify(found, undefined, 2).split('\n'));
  });
  if (lines.length > 0) return { lines, exitCode: 0 };
  return { lines: [`no rejected event at ${partition}:${offset}`], exitCode: 1 };
}
