import { DECODE_CODES, tableOf } from '@pipeline/event-schema';
import { type CommandResult } from './command-result.ts';
import { type LetterBox } from './letter-box.ts';
import { type Letter, matches } from './letter.ts';
import { type Selection } from './list-letters.ts';
import { letterName, originalRecord } from './original-record.ts';

export interface Replay extends Selection {
  readonly topic: string;
  /** Otherwise only says what it would do. */
  readonly execute: boolean;
}

type Fate = 'replay' | 'beyond the limit' | 'replayed before' | 'foreign' | 'cut' | 'hopeless' | 'of a table';

/** The bytes of these never change, so the sink refuses them again. */
const HOPELESS: ReadonlySet<string> = new Set(DECODE_CODES);

/**
 * Puts the records of dead letters into their topic again. A letter is replayed once, however often this runs, and one
 * whose bytes can never be stored only when its code is asked for by name. What was cut, and what no sink has written, never
 * becomes a record of the topic. In a table the replayed record would be the newest of its key, and newer ones may have come.
 */
export async function replayLetters(box: LetterBox, replay: Replay): Promise<CommandResult> {
  const before = await box.replayed();
  const counts = new Map<Fate, number>();
  const count = (fate: Fate) => counts.get(fate) ?? 0;
  const isTable = tableOf(replay.topic) !== undefined;
  const decide = (letter: Letter): Fate => {
    if (isTable) return 'of a table';
    if (before.has(letterName(replay.topic, letter))) return 'replayed before';
    if (letter.source?.topic !== replay.topic) return 'foreign';
    if (letter.truncated.length > 0) return 'cut';
    if (replay.codes === undefined && HOPELESS.has(letter.code)) return 'hopeless';
    return count('replay') < replay.limit ? 'replay' : 'beyond the limit';
  };
  for (const sink of replay.sinks) {
    await box.read(sink, async (letters) => {
      const chosen: Letter[] = [];
      for (const letter of letters) {
        if (!matches(letter, replay)) continue;
        const fate = decide(letter);
        counts.set(fate, count(fate) + 1);
        if (fate === 'replay') chosen.push(letter);
      }
      if (!replay.execute) return;
      await box.publish(chosen.map((letter) => originalRecord(replay.topic, letter)));
    });
  }
  return { lines: summary(replay, count), exitCode: 0 };
}

function summary({ topic, execute }: Replay, count: (fate: Fate) => number): string[] {
  const skipped: readonly (readonly [Fate, string])[] = [
    ['replayed before', 'were replayed before'],
    ['foreign', 'were not written by a sink of this topic'],
    [
      'cut',
      'were too large to be kept whole (the record itself lies where `list` says, until its retention ends)',
    ],
    ['hopeless', 'can never be stored as they are (name their --code to replay them all the same)'],
    [
      'of a table',
      'are rows of a table: let the program that writes it write them again, which knows the newest',
    ],
    ['beyond the limit', 'are beyond the limit'],
  ];
  return [
    execute
      ? `${count('replay')} records put into ${topic} again`
      : `${count('replay')} records would be put into ${topic} again; --execute does it`,
    ...skipped.filter(([fate]) => count(fate) > 0).map(([fate, words]) => `${count(fate)} ${words}`),
  ];
}
