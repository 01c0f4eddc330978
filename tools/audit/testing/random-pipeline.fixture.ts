import { event, NINE, record, TOPIC } from './audit.fixture.ts';
import { MemoryPipeline } from './pipeline.double.ts';
import { type MemorySources, storedLine } from './sources.double.ts';

const HOUR_MS = 3_600_000;

/** Mulberry32: whole numbers in [0, limit), the same ones for the same seed. */
function randomOf(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
}

/** Some partitions whose records are mostly stored as they must be; most pipelines have a few faults. */
export function randomPipeline(seed: number): MemoryPipeline {
  const below = randomOf(seed);
  const pipeline = new MemoryPipeline(TOPIC);
  const { sources } = pipeline;
  for (let partition = 0; partition < 1 + below(2); partition += 1) {
    let offset = below(3) * 1_000;
    for (let records = 2 + below(9); records > 0; records -= 1) {
      addRecord(sources, partition, { offset, below });
      offset += below(6) === 0 ? 1 + below(4) : 1;
    }
  }
  for (let faults = below(3); faults > 0; faults -= 1) FAULTS[below(FAULTS.length)]!(sources, below);
  return pipeline;
}

type Below = (limit: number) => number;

function addRecord(
  sources: MemorySources,
  partition: number,
  { offset, below }: { readonly offset: number; readonly below: Below },
): void {
  const id = `${partition}-${below(20) === 0 ? 1_000 : offset}`;
  const texts = [
    `\n{ "event_id" : "${id}",\n"color_name":"green"}`,
    `{"event_id":"${id}","user_name":"\\"Ada\\" \\u00fc"}`,
    `{"event_id":"\\u00fc${id}"}`,
    `{"a":{"event_id":"x"},"event_id":"${id}","n":1.50}`,
    `{"event_id":"${id}","event_id":"${id}"}`,
    `{"color_name":"green"}`,
    `{"event_id":"${id}"`,
    `[1]`,
    '{}',
    null,
  ];
  const text = below(4) === 0 ? texts[below(below(3) === 0 ? texts.length : 4)]! : event(id);
  const added = record(offset, text, NINE + (offset % 1_000 > 6 ? HOUR_MS : 0));
  sources.add(partition, added, { row: false, document: false });
  const line = (text ?? '').trim().replaceAll('\n', '');
  const row = storedLine(TOPIC, partition, record(offset, line.length > 1 ? line : '{}'));
  const stored = idOf(line);
  const isSound = stored !== undefined && !line.includes('"event_id":"', line.indexOf(`"${id}"`));
  if (isSound || below(5) === 0) sources.storedRows.push(row);
  if (stored !== undefined && (isSound || below(5) === 0)) {
    sources.storedDocuments.push({ id: stored, source: row, index: `i-${below(2)}` });
  }
  if (isSound || below(4) === 0) return;
  const letter = { partition, offset, value: added.value };
  sources.letters['hdfs-sink'].push(letter);
  sources.letters['es-sink'].push(letter);
}

function idOf(line: string): string | undefined {
  try {
    return (JSON.parse(line) as { event_id?: string }).event_id;
  } catch {
    return undefined;
  }
}

const FAULTS: readonly ((sources: MemorySources, below: Below) => void)[] = [
  ({ storedRows }, below) => void storedRows.splice(below(storedRows.length), 1),
  ({ storedDocuments }, below) => void storedDocuments.splice(below(storedDocuments.length), 1),
  ({ storedRows }, below) => {
    const at = below(storedRows.length);
    if (at < storedRows.length) storedRows.splice(below(storedRows.length), 0, storedRows[at]!);
  },
  ({ storedDocuments }, below) => {
    const document = storedDocuments[below(storedDocuments.length)];
    if (document !== undefined) storedDocuments.push({ ...document, index: 'other' });
  },
  ({ storedRows }, below) => {
    const at = below(storedRows.length);
    if (at < storedRows.length) storedRows[at] = damaged(storedRows[at]!);
  },
  ({ storedDocuments }, below) => {
    const document = storedDocuments[below(storedDocuments.length)];
    if (document !== undefined) document.source = damaged(document.source);
  },
  ({ storedRows }) => void storedRows.reverse(),
  ({ storedDocuments }) => void storedDocuments.reverse(),
  ({ storedRows }, below) => void storedRows.push(storedLine(TOPIC, below(3), record(below(12), event('x')))),
  ({ storedDocuments }, below) => {
    const source = storedLine(TOPIC, 0, record(below(12), event('x')));
    storedDocuments.push({ id: 'x', source, index: 'i-0' });
  },
  ({ commits }, below) => void commits['hdfs-sink'].set(0, BigInt(below(8))),
  ({ commits }, below) => void commits['es-sink'].set(0, BigInt(below(8))),
  ({ letters, partitions }, below) => {
    const found = partitions.get(0)![0]!;
    const letter = { partition: 0, offset: Number(found.offset), value: found.value };
    letters[below(2) === 0 ? 'es-sink' : 'hdfs-sink'].push(letter);
  },
];

/** Other bytes, and still JSON. */
function damaged(line: Buffer): Buffer {
  return Buffer.from(line.toString().replace('green', 'grfen'));
}
