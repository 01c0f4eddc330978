import { hourDirectory, hourOf, startOffsetOf } from '../../src/chain/file-name.ts';
import { TOPIC } from '../records.fixture.ts';
import { type ChainModel, ROOT } from './chain-model.fixture.ts';

const isStorable = ({ value }: { value: Buffer | null }) => value?.toString() !== 'poison';

/** What is wrong with the outcome of a schedule; nothing when every promise holds. */
export function faultsOf(model: ChainModel): string[] {
  const faults = [...model.breaches];
  const chain = { root: ROOT, topic: TOPIC, partition: 0 };
  const files = [...model.files]
    .filter(([path]) => path.startsWith(`${ROOT}/${TOPIC}/`))
    .map(([path, file]) => ({ path, file, start: startOffsetOf(chain, path.split('/').at(-1) ?? '') ?? -1n }))
    .sort((a, b) => Number(a.start - b.start));
  let position = 0n;
  const stored: string[] = [];
  for (const { path, file, start } of files) {
    if (start !== position) faults.push(`a file starts at ${start} where the chain ended at ${position}`);
    position = (file.attributes?.endOffset ?? -2n) + 1n;
    const lines = file.body.toString().split('\n').slice(0, -1);
    if (lines.length !== file.attributes?.records) faults.push(`${path} holds ${lines.length} lines`);
    stored.push(...lines.map((line) => String((JSON.parse(line) as { kafka_offset: number }).kafka_offset)));
    const first = model.log.find(({ offset }) => BigInt(offset) >= start);
    if (!path.includes(hourDirectory(hourOf(first!.timestamp)))) faults.push(`${path} lies in another hour`);
  }
  const offsets = (poison: boolean) =>
    model.log.filter((record) => isStorable(record) !== poison).map(({ offset }) => offset);
  if (stored.join() !== offsets(false).join())
    faults.push(`stored ${stored.join()} of ${offsets(false).join()}`);
  const letters = [...model.deadLettered].sort((a, b) => a - b);
  if (letters.join() !== offsets(true).join())
    faults.push(`dead-lettered ${letters.join()} of ${offsets(true).join()}`);
  if (model.written > offsets(false).length) faults.push(`${model.written} records reported as written`);
  if (model.committed.offset !== model.logEnd)
    faults.push(`committed ${model.committed.offset} of ${model.logEnd}`);
  return faults;
}
