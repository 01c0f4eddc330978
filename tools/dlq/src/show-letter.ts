import { type SinkName } from '@pipeline/event-schema';
import { isUtf8 } from 'node:buffer';
import { headerEntries } from '@pipeline/kafka-transport';
import { type CommandResult } from './command-result.ts';
import { type LetterBox } from './letter-box.ts';
import { type Letter } from './letter.ts';

/** A letter by where it lies in its dead-letter topic. */
export interface LetterPosition {
  readonly partition: number;
  readonly offset: number;
}

/** Everything of the letters at one position, of each sink; exit code 1 when there is none. */
export async function showLetter(
  box: LetterBox,
  sinks: readonly SinkName[],
  { partition, offset }: LetterPosition,
): Promise<CommandResult> {
  const lines: string[] = [];
  for (const sink of sinks) {
    await box.read(sink, (letters) => {
      const found = letters.find((letter) => letter.partition === partition && letter.offset === offset);
      if (found) lines.push(...describe(found));
    });
  }
  if (lines.length > 0) return { lines, exitCode: 0 };
  return { lines: [`no dead letter at ${partition}:${offset} of ${sinks.join(' or ')}`], exitCode: 1 };
}

function describe({
  sink,
  partition,
  offset,
  source,
  record: { key, value, headers = {} },
}: Letter): string[] {
  return [
    `${sink} ${partition}:${offset}${source ? '' : ' (written by no sink)'}`,
    ...headerEntries(headers).map(
      ([name, each]) => `  ${name}: ${each === null ? 'none' : readable(Buffer.from(each))}`,
    ),
    `  key: ${key === null ? 'none' : readable(key)}`,
    value === null ? '  no value (a tombstone)' : `  ${value.length} bytes: ${readable(value)}`,
  ];
}

/** As text where the bytes are text that a terminal shows as it is, else in hex. */
function readable(bytes: Buffer): string {
  const text = bytes.toString();
  return isUtf8(bytes) && !/\p{Cc}/u.test(text.replace(/[\n\t]/g, ''))
    ? text
    : `hex ${bytes.toString('hex')}`;
}
