import { deadLetterTopic, type SinkName } from '@pipeline/event-schema';
import { DEAD_LETTER_HEADERS } from '@pipeline/kafka-transport';
import { recordsOf } from '../../support/kafka.ts';
import { TOPIC } from '../bench/bench.ts';
import { type DrillContext } from './drill-context.ts';

/** Dead letters by code; each record's counted once, for they are delivered at least once. */
export async function letterCodes(
  { stack }: Pick<DrillContext, 'stack'>,
  sink: SinkName,
): Promise<Record<string, number>> {
  const codes = new Map<string, string>();
  for (const { headers = {} } of await recordsOf(stack, deadLetterTopic(TOPIC, sink))) {
    const header = (name: string) => headers[name]?.toString() ?? '';
    const { partition, offset, code } = DEAD_LETTER_HEADERS;
    codes.set(`${header(partition)}:${header(offset)}`, header(code));
  }
  const counts: Record<string, number> = {};
  for (const code of codes.values()) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}
