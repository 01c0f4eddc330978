import { validateEvent } from '@pipeline/event-schema/contract';
import { type CommandResult } from '../command-result.ts';
import { FOREIGN } from '../letter.ts';
import { type Collector } from './collector.ts';
import { isWanted, type RejectedBox, type RejectedFilter, type RejectedLetter } from './rejected-box.ts';

export interface RejectedReplay extends RejectedFilter {
  /** Fields that every event gets, in place of what it says. */
  readonly repairs: Readonly<Record<string, unknown>>;
  /** Also those whose names are masked: they are stored with the `x`. */
  readonly takesMasked: boolean;
  /** Otherwise only says what it would do. */
  readonly execute: boolean;
}

type Fate = 'send' | 'foreign' | 'not whole' | 'masked' | 'still wrong' | 'beyond the limit';

const SKIPPED: readonly (readonly [Fate, string])[] = [
  ['foreign', 'were not written by a collector'],
  ['not whole', 'were cut or are no JSON: there is nothing whole to send'],
  ['masked', 'are masked (--masked sends them with the x in their names)'],
  ['still wrong', 'would be rejected again (repair them with --set <field>=<value>)'],
  ['beyond the limit', 'are beyond the limit'],
];

const MOST_EVENTS = 100;
/** Below the collector's smallest sensible body limit. */
const MOST_CHARACTERS = 200_000;

/**
 * Sends refused events to a collector again, repaired where that was asked for. Each has its `event_id`, so a repetition
 * is harmless; what the collector would refuse once more is not sent, or it would lie in the topic twice.
 */
export async function replayRejected(
  box: RejectedBox,
  collector: Collector,
  replay: RejectedReplay,
): Promise<CommandResult> {
  const fates = new Map<Fate, number>();
  const answers = new Map<string, number>();
  await box.read(async (letters) => {
    const chosen: object[] = [];
    for (const letter of letters) {
      if (!isWanted(letter, replay)) continue;
      const event = repaired(letter, replay);
      const isFull = (fates.get('send') ?? 0) >= replay.limit;
      const fate = fateOf(letter, event, replay);
      count(fates, fate === 'send' && isFull ? 'beyond the limit' : fate);
      if (fate === 'send' && !isFull) chosen.push(event as object);
    }
    if (!replay.execute) return;
    for (const request of requestsOf(chosen)) {
      for (const { status, code } of await collector.send(request)) count(answers, code ?? status);
    }
  });
  return { lines: summary(replay, fates, answers), exitCode: 0 };
}

function repaired({ event }: RejectedLetter, { repairs }: RejectedReplay): unknown {
  const isObject = typeof event === 'object' && event !== null && !Array.isArray(event);
  return isObject ? { ...event, ...repairs } : event;
}

function fateOf(letter: RejectedLetter, event: unknown, { takesMasked }: RejectedReplay): Fate {
  if (letter.code === FOREIGN) return 'foreign';
  if (letter.is_cut || event === undefined) return 'not whole';
  if (letter.is_masked && !takesMasked) return 'masked';
  return validateEvent(event).ok ? 'send' : 'still wrong';
}

function requestsOf(events: readonly object[]): object[][] {
  const requests: object[][] = [];
  let characters = Infinity;
  for (const event of events) {
    const size = JSON.stringify(event).length;
    if (characters + size > MOST_CHARACTERS || requests.at(-1)?.length === MOST_EVENTS) {
      requests.push([]);
      characters = 0;
    }
    requests.at(-1)!.push(event);
    characters += size;
  }
  return requests;
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function summary(
  { execute }: RejectedReplay,
  fates: ReadonlyMap<Fate, number>,
  answers: ReadonlyMap<string, number>,
): string[] {
  const chosen = fates.get('send') ?? 0;
  const told = [...answers].map(([answer, times]) => `${times} ${answer}`).join(', ');
  return [
    execute
      ? `${chosen} events sent again${told === '' ? '' : `: ${told}`}`
      : `${chosen} events would be sent again; --execute does it`,
    ...SKIPPED.filter(([fate]) => fates.has(fate)).map(([fate, words]) => `${fates.get(fate)} ${words}`),
  ];
}
