import { HistoryError } from './history-error.ts';

export interface OpenQuestionLimits {
  /** Different questions of one client that are open. */
  readonly perClient: number;
  /** Of those, how many are asked at a time; the others wait for their turn. */
  readonly atATime: number;
  readonly inAll: number;
}

/**
 * Enough for every range of a dashboard at once. Two clients that ask for all they may leave es-sink, which answers
 * eight at a time, room for a third.
 */
export const OPEN_QUESTION_LIMITS: OpenQuestionLimits = { perClient: 12, atATime: 3, inAll: 64 };

/** What one client has open. */
interface Asker {
  /** How many wait for the answer to each question. */
  readonly questions: Map<string, number>;
  asking: number;
  readonly turns: (() => void)[];
}

/**
 * How many questions clients have open. Those of one client take no answer from another: es-sink has only so many in
 * hand at a time, for all. Equal questions of a client count once, as they are asked once: many pages may be behind one
 * address.
 */
export class OpenQuestions {
  private readonly askers = new Map<string, Asker>();
  private count = 0;

  constructor(private readonly limits = OPEN_QUESTION_LIMITS) {}

  /**
   * Asks on behalf of a client, when its turn has come.
   * @throws HistoryError (as rejection) `too-many-questions`.
   */
  async ask<Answer>(client: string, question: string, ask: () => Promise<Answer>): Promise<Answer> {
    const asker = this.enter(client, question);
    try {
      const turn = this.turn(asker);
      if (turn !== undefined) await turn;
      return await ask();
    } finally {
      asker.turns.shift()?.();
      asker.asking--;
      this.leave(client, question);
    }
  }

  private turn(asker: Asker): Promise<void> | undefined {
    asker.asking++;
    if (asker.asking <= this.limits.atATime) return undefined;
    return new Promise((begin) => asker.turns.push(begin));
  }

  private enter(client: string, question: string): Asker {
    const asker = this.askers.get(client) ?? { questions: new Map<string, number>(), asking: 0, turns: [] };
    const same = asker.questions.get(question) ?? 0;
    const isNew = same === 0;
    if (isNew && (asker.questions.size >= this.limits.perClient || this.count >= this.limits.inAll))
      throw new HistoryError('too-many-questions', 'Too many questions are open; ask again later');
    asker.questions.set(question, same + 1);
    this.askers.set(client, asker);
    if (isNew) this.count++;
    return asker;
  }

  private leave(client: string, question: string): void {
    const asker = this.askers.get(client);
    const same = (asker?.questions.get(question) ?? 1) - 1;
    if (same > 0) {
      asker?.questions.set(question, same);
      return;
    }
    asker?.questions.delete(question);
    if (asker?.questions.size === 0) this.askers.delete(client);
    this.count--;
  }
}
